// One neutral question as one request of the OpenAI family, whichever member of it: which wire it takes, what is
// adapted on the way, and what is left out because the target does not take it. Where it goes is the route's.
// WIRE.md 1 and 2.

import { Fault } from '../../../../core/fault.ts';
import { encodeJson } from '../../../../core/json.ts';
import type { Ask, Endpoint, Lessons, ModelAsk, Sending } from '../../../dialect.ts';
import type { Body } from '../../sending/apply-lessons.ts';
import { notOffered } from '../../sending/not-offered.ts';
import { responsesBody } from '../../responses/encode.ts';
import { livesAtResponses } from '../../responses/models.ts';
import { adaptedRequest } from '../adapted.ts';
import { chatBody, completionBody, embeddingBody } from './encode.ts';
import { applyKnowledge } from './params.ts';
import { replayOf } from '../profiles.ts';
import type { Replay } from '../profiles.ts';
import type { Operation, Route } from './request.ts';

/** The wires an answer is read by; a plain chat is none of them. */
export const RESPONSES = 'responses';
/** Chat, of which reasoning has to come back: its details, or its text with the tool calls it led to. */
export const KEEPS = { details: 'chat, keeping details', text: 'chat, keeping text' } as const;

interface Encoded {
  readonly op: Operation;
  readonly body: Body;
  readonly changed: readonly string[];
  readonly wire?: string;
}

export function openAiSending(ask: Ask, endpoint: Endpoint, lessons: Lessons, route: Route): Sending {
  if (ask.op === 'describe') throw notOffered('a description of a model', endpoint.provider);
  const { headers } = route;
  if (ask.op === 'models') {
    const url = route.urlOf('models', '');
    return { method: 'GET', url, headers: { accept: 'application/json', ...headers }, changed: [] };
  }
  const asked = ask.request.model;
  const model = route.onlyModel ?? asked;
  const stream = ask.op !== 'embed' && ask.stream && !lessons.habits.has('not-streamed');
  const { op, body, changed, wire } = encoded(ask, model, stream, { route, lessons });
  const learnt = applyKnowledge(body, model, lessons);
  body['model'] = route.isInAddress?.(op) === true ? undefined : model;
  const text = encodeJson(body);
  if (text === undefined) throw new Fault('INVALID_INPUT', 'The request is nested too deeply to be sent.');
  const accept = stream ? 'text/event-stream, application/json' : 'application/json';
  return {
    method: 'POST',
    url: route.urlOf(op, model),
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: text,
    changed: [
      ...(asked === '' || asked === model ? [] : [`model ${asked} -> ${model}`]),
      ...changed,
      ...learnt,
      ...(stream || ask.op === 'embed' || !ask.stream ? [] : ['stream -> whole reply']),
    ],
    ...(wire === undefined ? {} : { wire }),
  };
}

function encoded(ask: ModelAsk, model: string, stream: boolean, to: { route: Route; lessons: Lessons }): Encoded {
  const { profile } = to.route;
  switch (ask.op) {
    case 'chat': {
      const { habits } = to.lessons;
      const { request, changed } = adaptedRequest(ask.request, profile, habits);
      if (livesAtResponses(model, profile.responses, habits)) {
        const { body, changed: dropped } = responsesBody(request, model, stream);
        return { op: 'responses', body, changed: [...changed, ...dropped], wire: RESPONSES };
      }
      const replay = replayOf(profile, model);
      const body = chatBody(request, stream, { profile, model, replay });
      return { op: 'chat', body, changed, ...keeping(replay, request.tools !== undefined) };
    }
    case 'complete':
      return { op: 'complete', body: completionBody(ask.request, stream, profile), changed: [] };
    case 'embed':
      return { op: 'embed', body: embeddingBody(ask.request, profile), changed: [] };
  }
}

function keeping(replay: Replay, hasTools: boolean): { wire?: string } {
  if (replay === 'details') return { wire: KEEPS.details };
  return hasTools && (replay === 'text' || replay === 'kept-text') ? { wire: KEEPS.text } : {};
}
