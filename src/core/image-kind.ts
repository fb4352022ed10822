// What an image is, by its first bytes: a name or a header says nothing about what is inside.

const KINDS: readonly { readonly type: string; readonly fits: (head: string) => boolean }[] = [
  { type: 'image/png', fits: (head) => head.startsWith('\u0089PNG\r\n\u001a\n') },
  { type: 'image/jpeg', fits: (head) => head.startsWith('\u00ff\u00d8\u00ff') },
  { type: 'image/gif', fits: (head) => head.startsWith('GIF87a') || head.startsWith('GIF89a') },
  { type: 'image/webp', fits: (head) => head.startsWith('RIFF') && head.startsWith('WEBP', 8) },
];

/** This many bytes tell every kind. */
export const IMAGE_HEAD_BYTES = 16;

/** The media type of a PNG, JPEG, GIF or WebP image; undefined for anything else. */
export function imageTypeOf(image: Buffer): string | undefined {
  const head = image.toString('latin1', 0, IMAGE_HEAD_BYTES);
  return KINDS.find(({ fits }) => fits(head))?.type;
}
