// Room to think: the output cap counts reasoning too, so a model that thinks may use it up before it says a word.
// Pure. Three rules, each told in `changed`: a small cap is raised to a floor for what is known to think; an answer
// that got no room is asked again once with more; and where the server refuses a cap that we raised, the caller's own
// is sent. Nothing is raised that the caller did not cap. A dialect that makes room itself is left alone.

import type { Fault } from '../../core/fault.ts';
import type { Ask } from '../../providers/dialect.ts';
import { thinksFirst } from '../../providers/model-names.ts';

/** Thinking at medium effort rarely takes more, and an answer fits beside it. */
const FLOOR = 4096;
/** With more room: four times the cap that was too small, and at least this. */
const MORE = 16_384;
const TIMES = 4;

export interface Room {
  /** What is sent. */
  readonly ask: Ask;
  /** For `changed`; absent while the caller's own cap is sent. */
  readonly line?: string;
  /** `floor`: raised beforehand; `more`: after an answer that got no room; `own`: a raise was refused. */
  readonly stage: 'asked' | 'floor' | 'more' | 'own';
}

/** What a failure means for the room: raise it, go back to the caller's own cap, or give up on more. */
export type RoomStep = { readonly do: 'raise' | 'own'; readonly room: Room } | { readonly do: 'stop' };

/** The room the question is sent with first. */
export function firstRoom(ask: Ask, makesRoom: boolean): Room {
  const cap = capOf(ask);
  if (makesRoom || cap === undefined || cap >= FLOOR || !mayThink(ask)) return { ask, stage: 'asked' };
  return raised(ask, FLOOR, 'floor');
}

/** What to do about the room after a failure of `asked`, which was sent with `room`; undefined: it is not about that. */
export function roomStep({ ask, stage }: Room, asked: Ask, fault: Fault): RoomStep | undefined {
  const cap = capOf(ask);
  if (cap === undefined) return undefined;
  if (fault.data.isStarved === true) {
    if (stage === 'more' || stage === 'own') return { do: 'stop' };
    return { do: 'raise', room: raised(asked, Math.max(MORE, TIMES * cap), 'more') };
  }
  if ((stage !== 'floor' && stage !== 'more') || !isAboutCap(fault)) return undefined;
  const most = statedCap(fault);
  if (most !== undefined && most > (capOf(asked) ?? 0)) return { do: 'own', room: raised(asked, most, 'own') };
  return stage === 'more' ? { do: 'stop' } : { do: 'own', room: { ask: asked, stage: 'own' } };
}

function isAboutCap({ kind, message, data }: Fault): boolean {
  if (kind === 'CONTEXT_TOO_LONG') return true;
  return kind === 'INVALID_INPUT' && /tokens|num_predict/i.test(`${message} ${data.param ?? ''}`);
}

/** Of "supports at most 4096 completion tokens" and "max_tokens: 9000 > 8192, which is the maximum": what may be asked. */
function statedCap({ message }: Fault): number | undefined {
  const [, most, least] = /at most (\d{2,9})|max\w*_tokens: \d+ > (\d{2,9})/i.exec(message) ?? [];
  return most === undefined && least === undefined ? undefined : Number(most ?? least);
}

function capOf(ask: Ask): number | undefined {
  return ask.op === 'chat' ? ask.request.maxTokens : undefined;
}

function raised(ask: Ask, cap: number, stage: Exclude<Room['stage'], 'asked'>): Room {
  if (ask.op !== 'chat') return { ask, stage: 'own' };
  const { request } = ask;
  const line = `max_tokens ${request.maxTokens} -> ${cap} (${stage === 'floor' ? '' : 'more '}room to think)`;
  return { ask: { ...ask, request: { ...request, maxTokens: cap } }, line, stage };
}

const HARDLY_ANY: ReadonlySet<string> = new Set(['none', 'minimal']);

/** An effort that is asked for tells; without one the model's name does. */
function mayThink(ask: Ask): boolean {
  if (ask.op !== 'chat') return false;
  const { model, reasoningEffort } = ask.request;
  return reasoningEffort === undefined ? thinksFirst(model) : !HARDLY_ANY.has(reasoningEffort);
}
