// Whether a text ends inside a fenced code block, so that one which had to be cut can close it.
// Follows CommonMark 0.31, section 4.5.

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;

/** A line that is longer cannot be a fence anyone wrote. */
const LONGEST_FENCE = 256;

/** The fence that is still open at the end of the text in `pieces`, as it must be written to close it. */
export function openFence(pieces: readonly string[]): string | undefined {
  let open: string | undefined;
  let begun = '';
  for (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', from)) {
      open = after(open, begun + piece.slice(from, Math.min(end, from + LONGEST_FENCE)));
      begun = '';
      from = end + 1;
    }
    if (begun.length < LONGEST_FENCE) begun += piece.slice(from, from + LONGEST_FENCE);
  }
  return after(open, begun);
}

/** Which fence is open after `line`. */
function after(open: string | undefined, line: string): string | undefined {
  const match = FENCE.exec(line.trimEnd());
  const [, fence = '', info = ''] = match ?? [];
  if (fence === '') return open;
  if (open === undefined) return fence.startsWith('`') && info.includes('`') ? undefined : fence;
  return fence.startsWith(open) && info === '' ? undefined : open;
}
