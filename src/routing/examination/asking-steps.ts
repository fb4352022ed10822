// One word of a model and one vector, asked through the router as any call asks: with what it mends, and the time to
// the first token and to the end.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { ModelInfo } from '../../providers/chat.ts';
import { inItsNames } from '../targets/setting-names.ts';
import type { Finding } from './course.ts';
import { contextOf } from './request.ts';
import type { Exam } from './subject.ts';

const USUAL_FIRST_TOKEN_MS = 30_000;
/** After the first token. */
const REST_MS = 30_000;
/** Names of models that do not chat. */
const NO_CHAT = /embed|rerank|whisper|tts|dall-e|image|moderation|transcri|realtime/i;
const EMBEDS = /embed|\bbge\b|\be5\b/i;

/** What is asked where nothing is named: the default, else the first that looks as if it chats. */
export function chatModelOf({ subject }: Exam, models: readonly ModelInfo[]): string | undefined {
  const ids = [...(subject.parts.settings.models ?? []), ...models.map(({ id }) => id)];
  return subject.wanted[0]?.model ?? ids.find((id) => !NO_CHAT.test(id)) ?? ids[0];
}

export async function chatFinding(exam: Exam, model: string | undefined): Promise<Finding> {
  if (model === undefined) return { state: 'skipped', said: 'no model is known that could be asked' };
  const { subject, tools } = exam;
  const { id, timeout } = subject.parts.settings;
  const ctx = contextOf(exam, Math.min(timeout.totalMs, (timeout.firstTokenMs ?? USUAL_FIRST_TOKEN_MS) + REST_MS));
  const since = tools.clock.now();
  const messages = [{ role: 'user', content: 'Answer with the one word: ok' }] as const;
  let text = '';
  let firstAt: number | undefined;
  try {
    await subject.models.chat({ model: `${id}/${model}`, messages, maxTokens: 16, cache: false }, ctx, (events) => {
      for (const event of events) {
        if (event.type === 'text' || event.type === 'reasoning') firstAt ??= tools.clock.now();
        if (event.type === 'text') text += event.text;
        if (event.type === 'restart') text = '';
      }
    });
  } catch (thrown) {
    return failed(exam, model, thrown);
  }
  const { changed, attempts } = ctx.served;
  const firstTokenMs = firstAt === undefined ? undefined : Math.round(firstAt - since);
  const said = [
    `${model} answered "${text.trim().slice(0, 40)}"`,
    ...(firstTokenMs === undefined ? [] : [`first token after ${firstTokenMs} ms`]),
    ...(changed.length === 0 ? [] : [`with ${changed.join(', ')}`]),
  ].join(', ');
  return {
    state: 'ok',
    said,
    facts: present({ model, firstTokenMs, changed: [...changed], attempts: attempts.length }),
  };
}

export async function embedFinding(exam: Exam, models: readonly ModelInfo[]): Promise<Finding> {
  const { subject } = exam;
  const { id, capabilities, models: configured = [], timeout } = subject.parts.settings;
  const model =
    models.find((one) => one.capabilities?.['embeddings'] === true)?.id ??
    [...configured, ...models.map((one) => one.id)].find((name) => EMBEDS.test(name));
  if (capabilities.embeddings === false || model === undefined) {
    return { state: 'skipped', said: 'no model for embeddings is known' };
  }
  try {
    const ctx = contextOf(exam, Math.min(timeout.totalMs, USUAL_FIRST_TOKEN_MS + REST_MS));
    const { vectors } = await subject.models.embed({ model: `${id}/${model}`, input: ['ok'] }, ctx);
    const dimensions = vectors[0]?.length ?? 0;
    return { state: 'ok', said: `${model} gave a vector of ${dimensions} numbers`, facts: { model, dimensions } };
  } catch (thrown) {
    return failed(exam, model, thrown);
  }
}

function failed({ subject }: Exam, model: string, thrown: unknown): Finding {
  const { message, data } = Fault.from(thrown);
  const next = data.next ?? 'Try again, with LOG_LEVEL=debug.';
  return { state: 'failed', said: message, next: inItsNames(next, subject.parts.settings.names), facts: { model } };
}
