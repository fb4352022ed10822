// The transcript format (fixtures/README.md): a conversation as a readable text file, read into steps and
// written back. Pure; test/support/conversation.ts holds one.

export type Step =
  /** `->`: the client sends this text as it is. */
  | { readonly kind: 'send'; readonly line: number; readonly text: string }
  /** `<-` in order, `<~` in any order before the next thing the client does. */
  | { readonly kind: 'hear'; readonly line: number; readonly text: string; readonly anyOrder: boolean }
  /** `=>`: what we must send upstream. */
  | { readonly kind: 'asked'; readonly line: number; readonly text: string }
  /** `<=`: what the fake upstream answers. */
  | { readonly kind: 'answer'; readonly line: number; readonly text: string }
  /** `--`: what the harness does or checks. */
  | { readonly kind: 'do'; readonly line: number; readonly verb: string; readonly rest: string };

export interface Transcript {
  readonly lines: readonly string[];
  /** The name of a file in fixtures/conversations/config. */
  readonly config: string;
  readonly over: readonly string[];
  /** The file is held once for each, with `$REVISION` standing for it. */
  readonly revisions: readonly string[];
  readonly steps: readonly Step[];
}

const MARKS: Readonly<Record<string, (line: number, text: string) => Step>> = {
  '->': (line, text) => ({ kind: 'send', line, text }),
  '<-': (line, text) => ({ kind: 'hear', line, text, anyOrder: false }),
  '<~': (line, text) => ({ kind: 'hear', line, text, anyOrder: true }),
  '=>': (line, text) => ({ kind: 'asked', line, text }),
  '<=': (line, text) => ({ kind: 'answer', line, text }),
  '--': (line, text) => {
    const [, verb = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(text) ?? [];
    return { kind: 'do', line, verb, rest };
  },
};

/** Reads a transcript; `revision` replaces `$REVISION` in it. Throws on a line it does not understand. */
export function parseTranscript(text: string, revision = ''): Transcript {
  const lines = text.replaceAll('$REVISION', revision).split('\n');
  const headers = new Map<string, string>();
  const steps: Step[] = [];
  for (const [line, content] of lines.entries()) {
    if (content === '' || content.startsWith('#')) continue;
    const step = MARKS[content.slice(0, 2)];
    const header = /^(config|over|revisions): (.+)$/.exec(content);
    if (step !== undefined) steps.push(step(line, content.slice(3)));
    else if (header?.[1] !== undefined && steps.length === 0) headers.set(header[1], header[2] ?? '');
    else throw new Error(`line ${line + 1} is not part of the format: ${content}`);
  }
  const words = (name: string): string[] => headers.get(name)?.trim().split(/\s+/) ?? [];
  if (!text.startsWith('# ')) throw new Error('a transcript opens by saying why it exists');
  if (words('config').length !== 1 || words('over').length === 0) throw new Error('`config:` or `over:` is missing');
  return { lines, config: words('config')[0] ?? '', over: words('over'), revisions: words('revisions'), steps };
}

/** What the program said in place of what was expected. */
export class Rewriting {
  readonly #replaced = new Map<number, readonly string[]>();
  readonly #inserted = new Map<number, string[]>();

  /** Replaces a line; without a text it is taken out. */
  replace(line: number, text: string | undefined): void {
    this.#replaced.set(line, text === undefined ? [] : [text]);
  }

  insertBefore(line: number, text: string): void {
    const inserted = this.#inserted.get(line) ?? [];
    inserted.push(text);
    this.#inserted.set(line, inserted);
  }

  /** The whole file, with `revision` written as `$REVISION` in the lines that changed. */
  render(original: string, revision: string): string {
    const mark = (text: string): string => (revision === '' ? text : text.replaceAll(revision, '$REVISION'));
    const lines = original.split('\n').flatMap((line, i) => {
      const now = this.#replaced.get(i)?.map(mark) ?? [line];
      return (this.#inserted.get(i) ?? []).map(mark).concat(now);
    });
    const tail = this.#inserted.get(Number.POSITIVE_INFINITY)?.map(mark) ?? [];
    return tail.length === 0 ? lines.join('\n') : `${lines.join('\n').trimEnd()}\n${tail.join('\n')}\n`;
  }
}
