// The references in a string of the configuration: ${NAME}, ${NAME:-default} and ${file:path}, with any text around
// them; $${ stands for the two characters themselves. What a reference yields is not looked at for references again.
// Pure: where they lead is the business of reading.ts.

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly fallback?: string }
  | { readonly kind: 'file'; readonly path: string }
  /** Something in ${…} that is none of the forms, as it is written. */
  | { readonly kind: 'unfit'; readonly text: string };

export const FORMS = '${NAME}, ${NAME:-default} or ${file:path}, and $${ for the characters themselves';

const MARK = /\$\$\{|\$\{([^}]*)(\}?)/g;
const VARIABLE = /^([A-Za-z_]\w*)(?::-([^]*))?$/;

export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) });
    pieces.push(match[1] === undefined ? { kind: 'text', text: '${' } : pieceOf(match[1], match[2] === '}'));
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

function pieceOf(inner: string, isClosed: boolean): Piece {
  if (isClosed && inner.startsWith('file:') && inner.length > 5) return { kind: 'file', path: inner.slice(5).trim() };
  const [, name, fallback] = (isClosed ? VARIABLE.exec(inner) : null) ?? [];
  if (name === undefined) return { kind: 'unfit', text: `\${${inner}${isClosed ? '}' : ''}` };
  return fallback === undefined ? { kind: 'variable', name } : { kind: 'variable', name, fallback };
}
