// `anymodel-mcp chat "…"`: one question from a shell. The answer goes to stdout as it comes and is all that goes
// there; what is to be said about it goes to stderr.

import { AnswerText } from '../answer-text.ts';
import type { Client } from '../client.ts';
import { print } from '../host.ts';
import type { Host, Input } from '../host.ts';
import { printable } from '../printable.ts';

/** Asks with the default model. Gives the exit code. */
export async function chat(host: Host, client: Client, words: readonly string[]): Promise<number> {
  const prompt = words.length === 1 && words[0] === '-' ? await readAll(host.stdin) : words.join(' ');
  const answer = new AnswerText();
  let shown = false;
  const show = (text: string): void => {
    if (text === '') return;
    shown = true;
    host.stdout.write(printable(host.stdout, text));
  };
  const { texts, isError } = await client.callTool('chat', { prompt }, ({ text, phase }) => {
    if (phase === 'restart') answer.restart();
    else show(answer.add(text));
  });
  const [first = '', ...notes] = texts;
  if (isError) {
    if (shown) await print(host.stdout, '\n');
    await print(host.stderr, printable(host.stderr, `${first}\n`));
    return 1;
  }
  show(answer.finish(first));
  await print(host.stdout, first.endsWith('\n') ? '' : '\n');
  for (const note of notes) await print(host.stderr, printable(host.stderr, `${note}\n`));
  return 0;
}

async function readAll(stdin: Input): Promise<string> {
  stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of stdin) text += String(chunk);
  return text;
}
