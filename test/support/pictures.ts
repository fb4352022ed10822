// Images of one pixel, as upstreams send them.

/** A PNG of 70 bytes. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const PNG_URL: string = `data:image/png;base64,${PNG}`;

/** A GIF of 42 bytes. */
export const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** The URL of what begins as a PNG does and is about so many characters of base64 long. */
export function largePng(chars: number): string {
  return `data:image/png;base64,${PNG.slice(0, 32)}${'A'.repeat(Math.ceil((chars - 32) / 4) * 4)}`;
}
