// Hashing, behind one name so that node:crypto is loaded only by what needs it.

import { builtin } from './builtin.ts';

/** SHA-256 of the UTF-8 text, as 64 hexadecimal digits. */
export function sha256Hex(text: string): string {
  // At once: a hash object costs three times as much as a short text.
  return builtin('node:crypto').hash('sha256', text, 'hex');
}

/** HMAC with SHA-256 of the UTF-8 text (RFC 2104), as base64url. */
export function hmacSha256(key: string, text: string): string {
  return builtin('node:crypto').createHmac('sha256', key).update(text, 'utf8').digest('base64url');
}
