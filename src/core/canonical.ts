// Data as text in one spelling: what is equal as data is equal as text, whatever order its members were written in. For
// keys and for telling whether settings have changed; nothing reads it back. It is not JSON, because escaping a long
// text costs more than all the rest: a text is written as it is, after its length.

/** Members in the order of their names, undefined ones left out. Of values that are no data only the type counts. */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return spelled(value);
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'function' : String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  let members = '';
  for (const name of Object.keys(value).toSorted()) {
    const member: unknown = Reflect.get(value, name);
    if (member !== undefined) members += `${spelled(name)}=${canonical(member)}`;
  }
  return `{${members}}`;
}

/** Half a surrogate pair would be the same as any other once it is UTF-8, so it is escaped. */
function spelled(text: string): string {
  return text.isWellFormed() ? `'${text.length}:${text}` : JSON.stringify(text);
}
