// Values that stand for secrets, one for each place a secret can stand in, and the search for them. Each has a core
// that nothing else contains and no encoder changes, so that one look finds it whatever became of the rest.

/** A secret and where it stands. */
export interface Canary {
  readonly place: string;
  readonly value: string;
  /** Letters and digits alone. */
  readonly core: string;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

let made = 0;

/**
 * A new one. With marks that URLs, JSON, HTML and base64 each write in their own way, unless it has to be `plain`.
 * No two share eight characters in a row.
 */
export function canary(place: string, form: 'marked' | 'plain' = 'marked'): Canary {
  made += 1;
  let state = made * 2_654_435_761;
  const core = Array.from({ length: 20 }, () => {
    state = (Math.imul(state ^ (state >>> 13), 0x5bd1e995) + made) >>> 0;
    return LETTERS[state % LETTERS.length];
  }).join('');
  const value = form === 'plain' ? `${core}tail` : `${core.slice(0, 3)}+/=&"'<>%\\~${core}/+?`;
  return { place, value, core };
}

/** How an upstream may write what it was sent. */
export const WRITINGS: Readonly<Record<string, (value: string) => string>> = {
  plain: (value) => value,
  'in a URL': (value) => encodeURIComponent(value),
  'in a URL, small': (value) => encodeURIComponent(value).replace(/%../g, (escape) => escape.toLowerCase()),
  base64: (value) => Buffer.from(value).toString('base64'),
  'base64, within': (value) => Buffer.from(`key=${value};`).toString('base64'),
  base64url: (value) => Buffer.from(`k=${value}`).toString('base64url'),
  'in JSON': (value) => JSON.stringify(value).slice(1, -1),
  'in careful JSON': (value) =>
    value.replace(/[<>&'"+/=\\]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`),
};

/** How often a text holds the canary, as it is or in base64. */
export function found({ core }: Canary, text: string): number {
  return [core, ...inBase64(core)].reduce((sum, form) => sum + text.split(form).length - 1, 0);
}

/** Where the text first holds it. */
export function firstOf({ core }: Canary, text: string): number {
  return Math.min(...[core, ...inBase64(core)].map((form) => text.indexOf(form)).filter((at) => at !== -1));
}

/** The part of its base64 that the core alone decides, at each place it may begin at. */
function inBase64(core: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(core)])
      .toString('base64')
      .replace(/=+$/, '');
    const inner = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + core.length) * 8) / 6));
    return [inner];
  });
}
