// A recorded answer that nobody wants to keep as a file: a text of any length, as a stream.

const PIECE = 1000;

/** The whole answer, head and all. Its text is numbered lines, cut at `characters`. */
export function longAnswer(characters: number): Buffer {
  const lines: string[] = [];
  for (let length = 0; length < characters; length += lines.at(-1)?.length ?? 0) {
    lines.push(`This is line ${lines.length + 1}.\n`);
  }
  const text = lines.join('').slice(0, characters);
  const events: string[] = [];
  for (let at = 0; at < characters; at += PIECE) events.push(event({ content: text.slice(at, at + PIECE) }, null));
  const body = `${events.join('')}${event({}, 'stop')}data: [DONE]\n\n`;
  const head = ['HTTP/1.1 200 OK', 'Content-Type: text/event-stream', `Content-Length: ${body.length}`];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function event(delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: 'gpt-test', choices })}\n\n`;
}
