// What is looked for in a text for one secret: the secret itself, and what base64 makes of it. Escapes (percent, JSON,
// HTML) are no forms: `escapes.ts` reads them while it looks, in any mixture.

/** Written alike everywhere. */
const SAFE = /^[\w.-]*$/;

/** What base64 is found with: less than this could be a word. */
const LEAST = 8;

/**
 * The secret, and what base64 at each of the three alignments makes of it, of the ways it may be written in what is
 * packed, and of its own base64.
 */
export function formsOf(value: string): string[] {
  const packed = inBase64(value);
  const written = writings(value).filter((text) => text !== value);
  return [...new Set([value, ...packed, ...[...packed, ...written].flatMap(inBase64)])];
}

/** Only characters that the text alone decides: the first and the last mix in neighbouring bits. Both alphabets. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const inner = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return inner.length < LEAST ? [] : [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** As URLs and JSON write it, each in the ways that are in use. */
function writings(value: string): string[] {
  if (SAFE.test(value)) return [];
  const text = value.toWellFormed();
  const usual = encodeURIComponent(text);
  const strict = usual.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = strict.replaceAll('%20', '+').replaceAll('~', '%7E');
  const json = JSON.stringify(value).slice(1, -1);
  const careful = unicode(value, /[<>&'"+/=\\]/g);
  const urls = [usual, strict, form, encodeURI(text)];
  const small = [...urls.map((url) => lowered(url, /%[0-9A-F]{2}/g)), lowered(careful, /\\u[0-9A-F]{4}/g)];
  return [...urls, ...small, json, json.replaceAll('/', '\\/'), unicode(json, /[<>&']/g), careful];
}

function unicode(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (mark) => `\\u${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

function lowered(text: string, escapes: RegExp): string {
  return text.replace(escapes, (escape) => escape.toLowerCase());
}
