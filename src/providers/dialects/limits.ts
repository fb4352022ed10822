// Guards against streams that would make us allocate: an index is a small whole number, or the answer is
// refused as malformed before anything is kept under it (WIRE.md case 39).

import { Fault } from '../../core/fault.ts';

export function malformed(message: string): Fault {
  return new Fault('UPSTREAM', message);
}

/** An answer that is too large would be so again, and cost as much. */
export function tooLarge(message: string): Fault {
  return new Fault('UPSTREAM', message, { data: { retry: 'never' } });
}

/** The index, or undefined when there is none; digits in a string are taken for their number. */
export function readIndex(value: unknown, limit: number, what: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const index = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < limit) return index;
  throw malformed(`The upstream's answer has a ${what} whose index is not a number from 0 to ${limit - 1}.`);
}

/** No tool is called by a longer name: ours are 128 characters at most. */
const MAX_NAME = 1024;

/** The name of a tool as an upstream gives it. */
export function readName(name: string): string {
  if (name.length <= MAX_NAME) return name;
  throw malformed(`The upstream's answer calls a tool by a name of more than ${MAX_NAME} characters.`);
}
