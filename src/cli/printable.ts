// Text from outside, fit for a terminal: control characters would move its cursor, change its colours or answer in
// its name. A file or a pipe gets the text as it is.

import type { Output } from './host.ts';

// oxlint-disable-next-line no-control-regex -- they are what is taken out; tab and newline stay
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export function printable(output: Output, text: string): string {
  return output.isTTY === true ? text.replace(CONTROLS, '') : text;
}
