// A stream of text as lines.

import type { Readable } from 'node:stream';

/** Cuts at LF and nowhere else: node:readline would also cut at U+2028, which JSON may hold. */
export function eachLine(stream: Readable, fn: (line: string) => void): void {
  let rest: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const [first = '', ...more] = text.split('\n');
    rest.push(first);
    for (const next of more) {
      fn(rest.join(''));
      rest = [next];
    }
  });
  stream.on('end', () => {
    const unended = rest.join('');
    if (unended !== '') fn(`${unended}<the line does not end>`);
  });
}
