// Hashing, behind one name so that node:crypto is loaded only by what needs it.

import { builtin } from './builtin.ts';

/** SHA-256 of the UTF-8 text, which may come in pieces, as 64 hexadecimal digits. */
export function sha256Hex(text: string | readonly string[]): string {
  const hash = builtin('node:crypto').createHash('sha256');
  for (const piece of typeof text === 'string' ? [text] : text) hash.update(piece, 'utf8');
  return hash.digest('hex');
}
