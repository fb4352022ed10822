// Data as text in one spelling: what is equal as data is equal as text, whatever order its members were written in. For
// keys and for telling whether settings have changed; nothing reads it back. It is not JSON, because escaping a long
// text costs more than all the rest: a text is written as it is, after its length.

/** Characters from which on a text is long. */
const LONG = 1024;

/**
 * Members in the order of their names, undefined ones left out. Of values that are no data only the type counts. A long
 * text stands as what `shorten` makes of it, where that is given.
 */
export function canonical(value: unknown, shorten?: (text: string) => string): string {
  let written = '';
  spell(value, (text) => {
    written += text.length < LONG || shorten === undefined ? text : `#${shorten(text)}`;
  });
  return written;
}

type Write = (text: string) => void;

function spell(value: unknown, write: Write): void {
  if (typeof value === 'string') spellText(value, write);
  else if (value === null || typeof value !== 'object') write(typeof value === 'function' ? 'function' : String(value));
  else if (Array.isArray(value)) spellList(value, write);
  else spellMembers(value, write);
}

function spellList(list: readonly unknown[], write: Write): void {
  write('[');
  list.forEach((item, at) => {
    if (at > 0) write(',');
    spell(item, write);
  });
  write(']');
}

function spellMembers(members: object, write: Write): void {
  write('{');
  for (const name of Object.keys(members).toSorted()) {
    const member: unknown = Reflect.get(members, name);
    if (member === undefined) continue;
    spellText(name, write);
    write('=');
    spell(member, write);
  }
  write('}');
}

/** Half a surrogate pair would be the same as any other once it is UTF-8, so it is escaped. */
function spellText(text: string, write: Write): void {
  if (!text.isWellFormed()) return write(JSON.stringify(text));
  write(`'${text.length}:`);
  write(text);
}
