// `anymodel-mcp demo`: a whole MCP conversation for a person to watch. A client, in this process, talks to the
// real server, which talks to a real HTTP upstream: the embedded mock, or with --live your own provider.

import { isObject } from '../../core/json.ts';
import type { Client, Notice, Outcome, Session } from '../client.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';
import { inkFor } from '../ink.ts';
import type { Ink } from '../ink.ts';

const QUESTION = 'The quick brown fox jumps over the lazy dog while the model writes one word after another.';
const LIVE_QUESTION = 'In two sentences: what is the Model Context Protocol good for?';

interface Stage {
  readonly host: Host;
  readonly client: Client;
  readonly ink: Ink;
  readonly say: (text: string) => Promise<void>;
}

/** Plays the conversation. Gives the exit code. */
export async function demo(host: Host, session: Session, live: boolean): Promise<number> {
  const ink = inkFor(host.stdout, host.env);
  const say = (text: string): Promise<void> => print(host.stdout, text);
  const upstream = live ? 'your provider' : 'the embedded mock (no key, nothing leaves this machine)';
  await say(
    `${ink.bold(`anymodel-mcp ${host.version}`)}: an MCP client talks to this server.\nUpstream: ${upstream}\n`,
  );
  const stage: Stage = { host, client: session.client, ink, say };
  await showHello(stage, session);
  await showTools(stage);
  const answered = await showAnswer(stage, live);
  const healed = live || (await showHealing(stage));
  await showNext(stage, live);
  return answered && healed ? 0 : 1;
}

async function heading({ ink, say }: Stage, text: string): Promise<void> {
  await say(`\n${ink.bold(text)}\n`);
}

async function sent({ ink, say }: Stage, text: string): Promise<void> {
  await say(`  ${ink.dim('client -> server')}  ${text}\n`);
}

const RECEIVED = 'server -> client';

async function received({ ink, say }: Stage, text: string): Promise<void> {
  await say(`  ${ink.dim(RECEIVED)}  ${text}\n`);
}

async function showHello(stage: Stage, { revision, hello }: Session): Promise<void> {
  await heading(stage, '1. The handshake');
  await sent(stage, `initialize, protocol ${revision}`);
  const { serverInfo, protocolVersion, capabilities } = hello;
  const { name, version } = isObject(serverInfo) ? serverInfo : {};
  const offers = isObject(capabilities) ? Object.keys(capabilities).join(', ') : 'nothing';
  await received(stage, `${String(name)} ${String(version)}, protocol ${String(protocolVersion)}, offers ${offers}`);
}

async function showTools(stage: Stage): Promise<void> {
  const { client, ink, say } = stage;
  await heading(stage, '2. What the server can do');
  await sent(stage, 'tools/list');
  const { tools } = await client.request('tools/list', {});
  const listed = Array.isArray(tools) ? tools.filter(isObject) : [];
  await received(stage, `${listed.length} tools`);
  for (const { name, description } of listed) {
    const [sentence = ''] = typeof description === 'string' ? description.split(/(?<=\.)\s/) : [];
    const short = sentence.length > 80 ? `${sentence.slice(0, 79)}…` : sentence;
    await say(`      ${ink.good(String(name).padEnd(12))} ${short}\n`);
  }
}

async function showAnswer(stage: Stage, live: boolean): Promise<boolean> {
  await heading(stage, '3. An answer, as it is written');
  const prompt = live ? LIVE_QUESTION : QUESTION;
  await sent(stage, `tools/call chat, prompt "${prompt}"`);
  const outcome = await callAndShow(stage, { prompt });
  await tell(stage, outcome);
  return !outcome.isError;
}

async function showHealing(stage: Stage): Promise<boolean> {
  await heading(stage, '4. An upstream that breaks off, healed');
  await sent(stage, 'tools/call chat, model mock/cut');
  const outcome = await callAndShow(stage, { prompt: QUESTION, model: 'mock/cut' });
  await tell(stage, outcome);
  if (!outcome.isError)
    await stage.say(`      The client got one result, and it is whole: "${outcome.texts[0] ?? ''}"\n`);
  return !outcome.isError;
}

/** Makes the call and shows the text of its progress notices as they come. */
async function callAndShow({ client, host, ink }: Stage, args: { prompt: string; model?: string }): Promise<Outcome> {
  const write = (text: string): unknown => host.stdout.write(text);
  const indent = `  ${ink.dim(RECEIVED)}  `;
  let line = '';
  const onNotice = ({ text, phase, attempt }: Notice): void => {
    if (phase === 'restart') {
      write(ink.bad(` -- the stream was cut; attempt ${attempt}, from the beginning\n`));
      line = '';
    }
    if (text === '') return;
    if (line === '') write(indent);
    line += text;
    write(text.replaceAll('\n', '\n      '));
  };
  const outcome = await client.callTool('chat', args, onNotice);
  if (line === '') write(indent + (outcome.texts[0] ?? ''));
  write('\n');
  return outcome;
}

/** What the result says of itself besides the answer. */
async function tell({ ink, say }: Stage, { isError, meta }: Outcome): Promise<void> {
  const attempts = Array.isArray(meta['anymodel/attempts']) ? meta['anymodel/attempts'].filter(isObject) : [];
  const tries = attempts.map(({ error, ms }, i) => {
    const what = typeof error === 'string' ? ink.bad(error) : ink.good('complete');
    return `attempt ${i + 1}: ${what} after ${Math.round(Number(ms))} ms`;
  });
  const { 'anymodel/model': model, 'anymodel/provider': provider } = meta;
  const served = typeof model === 'string' ? [`${String(provider)}/${model}`] : [];
  const facts = [isError ? ink.bad('an error') : ink.good('the result'), ...served, ...tries];
  await say(`      ${facts.join(', ')}\n`);
}

async function showNext(stage: Stage, live: boolean): Promise<void> {
  const { ink, say } = stage;
  await heading(stage, live ? '4. Next' : '5. Next');
  const provider = 'API_BASE_URL=https://llm.corp.example/v1 API_KEY=…';
  const steps: readonly (readonly [string, string])[] = [
    ['with your model', `${provider} anymodel-mcp demo --live`],
    ['from a shell', `${provider} anymodel-mcp chat "Hello"`],
    [
      'in an MCP client',
      '{"mcpServers":{"anymodel":{"command":"anymodel-mcp","env":{"API_BASE_URL":"…","API_KEY":"…"}}}}',
    ],
    ['all the rest', 'anymodel-mcp --help'],
  ];
  for (const [when, what] of live ? steps.slice(1) : steps) await say(`      ${ink.dim(when.padEnd(17))} ${what}\n`);
}
