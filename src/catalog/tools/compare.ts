// The tool `compare`: one question to several models at once, each with its own record and its share of the room.
// Not listed by default. Product sheet, section 4.
//
// Progress stays one answer: sections are told whole, in the order asked, once all before them are. Joined, the
// messages are the text of the result, and none of it has to be taken back when a model begins anew.

import type { Phase } from '../../core/context.ts';
import type { Fault } from '../../core/fault.ts';
import type { JsonValue, Text } from '../../core/json.ts';
import { show } from '../../core/schema.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';
import type { ChatRequest, Models } from '../../providers/chat.ts';
import { ask } from '../answer/ask.ts';
import { allImages, comparison, outcomeOf, section } from '../answer/comparison.ts';
import type { Broken, Outcome, Section } from '../answer/comparison.ts';
import { ImageRoom, roomTaken } from '../answer/images.ts';
import { pendingText } from '../answer/pending.ts';
import { copiesOfJson } from '../answer/result.ts';
import { mostGathered, roomFor, withinRoom } from '../answer/room.ts';
import { AnswerText } from '../../providers/answer/text.ts';
import { widened } from '../request/arguments.ts';
import { toChatRequest } from '../request/chat-request.ts';
import { withFiles } from '../request/named-files.ts';
import { refuse } from '../../core/problems.ts';
import { stringsOf } from '../../providers/openai-form/read.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { ASKS, LONG_RESULT, SHARED } from './terms.ts';
import type { Terms } from './terms.ts';

const MOST_MODELS = 8;

/** Short on purpose: what it shares with `chat` is described there. */
const INPUT: ObjectSchema = {
  type: 'object',
  properties: {
    models: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 2,
      description: `The 2 to ${MOST_MODELS} models to ask.`,
    },
    prompt: { type: 'string', description: 'The question. Give this or messages.' },
    messages: { type: 'array', items: { type: 'object' } },
    system: { type: 'string' },
    temperature: SHARED.temperature,
    top_p: SHARED.top_p,
    max_tokens: { type: 'integer', minimum: 1 },
    stop: { type: 'array', items: { type: 'string' } },
    seed: SHARED.seed,
    reasoning_effort: { type: 'string' },
    response_format: { type: 'object' },
    images: { type: 'array', items: { type: 'string' } },
    files: { type: 'array', items: { type: 'string' } },
    detail: { type: 'string', enum: ['text', 'full'] },
    extra: { type: 'object' },
  },
  required: ['models'],
};

export function compareTool(terms: Terms): Tool {
  return {
    name: 'compare',
    title: 'Compare models',
    description: 'Ask several models the same question at once: one section each. Arguments as in chat.',
    inputSchema: INPUT,
    annotations: ASKS,
    meta: LONG_RESULT,
    task: 'optional',
    pending: (job, ctx) => pendingText(job, terms.maxOutputChars, ctx),
    widen: (args) => widened(INPUT, args),
    async run(args, ctx) {
      const names = namesOf(args['models']);
      const isFull = args['detail'] === 'full';
      const bound = { maxChars: terms.maxOutputChars, copies: isFull ? 1 + copiesOfJson(ctx) : 1 };
      const most = mostGathered(bound, ctx);
      const { sections, text } = await withFiles(args, { ...terms, questions: names.length }, ctx, (shown) => {
        const request = toChatRequest(shown, { schema: INPUT, providers: terms.providers });
        return told(asked(names, request, { models: terms.models, most, ctx }), ctx);
      });
      const images = allImages(sections);
      const taken = roomTaken(images, ctx);
      const cut = withinRoom(text, bound, ctx, taken);
      const room = roomFor(bound, ctx, taken).chars;
      return comparison(sections, { ...cut, images, room, isFull, isStructured: ctx.structured });
    },
  };
}

/** The names, all different. Throws `INVALID_INPUT`. */
function namesOf(models: JsonValue | undefined): readonly string[] {
  const names = stringsOf(models) ?? [];
  const problems: Problem[] = [];
  if (names.length > MOST_MODELS) {
    problems.push({ path: 'models', message: `must have at most ${MOST_MODELS} items, not ${names.length}` });
  }
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) === i) continue;
    problems.push({ path: `models[${i}]`, message: `must differ from those before it, not be ${show(name)} again` });
  }
  refuse(problems);
  return names;
}

/** What the models have in common; the text that is read as it grows is that of all together. */
interface Sharing {
  readonly models: Models;
  /** Most characters of all answers. */
  readonly most: number;
  readonly ctx: ToolContext;
}

/** Asks them all at once. */
function asked(
  names: readonly string[],
  request: ChatRequest,
  { models, most, ctx }: Sharing,
): Promise<Outcome | Broken>[] {
  const maxChars = Math.ceil(most / names.length);
  const phase = furthest(ctx);
  const each = { ...ctx, draft: undefined, keep: undefined, resultChars: undefined };
  return names.map((model, i) => {
    // Upstreams take an id that comes again for the same request sent again.
    const own = { ...each, phase, requestId: `${ctx.requestId}-${i + 1}` };
    const asking = { model, silent: true, maxChars };
    return outcomeOf(
      model,
      ask((context, hear) => models.chat({ ...request, model }, context, hear), asking, own),
    );
  });
}

/** Tells the sections in their order, each when it and all before it are there. Throws what broke the call, once nobody is at work. */
async function told(
  answers: readonly Promise<Outcome | Broken>[],
  ctx: ToolContext,
): Promise<{ readonly sections: readonly Section[]; readonly text: Text }> {
  const { progress, draft } = ctx;
  const sections: Section[] = [];
  const whole = new AnswerText(Number.POSITIVE_INFINITY);
  const grown = draft?.(whole);
  const room = new ImageRoom(ctx, Infinity);
  let broken: Fault | undefined;
  for (const answer of answers) {
    const came = await answer;
    if ('broken' in came) {
      broken ??= came.broken;
      continue;
    }
    const outcome = fitted(came, room);
    let at: number | undefined;
    for (const { text, isCounted } of section(outcome, sections)) {
      if (isCounted) at ??= whole.length;
      whole.add(text);
      await progress.text(text, isCounted ? text.length : 0);
    }
    grown?.();
    sections.push({ outcome, at: at ?? whole.length });
  }
  if (broken !== undefined) throw broken;
  return { sections, text: whole.finish().text };
}

/** With as many images as there is room for beside those before it. */
function fitted(outcome: Outcome, room: ImageRoom): Outcome {
  if (!('reply' in outcome) || outcome.reply.images === undefined) return outcome;
  return { ...outcome, reply: { ...outcome.reply, images: room.fit(outcome.reply.images) } };
}

const PHASES: readonly Phase[] = ['connecting', 'waiting', 'streaming'];

/** Where the call is, is where the first of its models is; a retry or restart of one takes nothing back that was told. */
function furthest(ctx: ToolContext): ToolContext['phase'] {
  let reached = -1;
  return (phase) => {
    const at = PHASES.indexOf(phase);
    if (at <= reached) return;
    reached = at;
    ctx.phase(phase, 1);
  };
}
