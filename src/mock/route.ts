// One HTTP request to the mock -> its reply. Pure but for the strikes it counts: no socket, no clock of its own.

import { sha256Hex } from '../core/digest.ts';
import { EMPTY, answerTo } from './answer.ts';
import { readChat, readCompletion, readModel } from './ask.ts';
import type { Ask } from './ask.ts';
import { answerEmbeddings } from './embeddings.ts';
import { faultReply } from './faults.ts';
import { listModels } from './models.ts';
import type { Model } from './models.ts';
import { render } from './openai.ts';
import type { Endpoint } from './openai.ts';
import { json, refusal, whole } from './reply.ts';
import type { Reply } from './reply.ts';
import { Strikes } from './strikes.ts';

export interface MockRequest {
  readonly method: string;
  /** Without the query; `/v1` before it or not. */
  readonly path: string;
  /** The client's `x-request-id`, if it sent one. */
  readonly requestId: string | undefined;
  readonly body: string;
}

/** Unix seconds of 2026-01-01: a date that does not change from run to run. */
const CREATED = 1_767_225_600;

export class MockRouter {
  readonly #strikes = new Strikes();
  readonly #wordMs: number;
  #answers = 0;

  constructor(wordMs: number) {
    this.#wordMs = wordMs;
  }

  reply(request: MockRequest): Reply {
    const path = request.path.replace(/^\/v1(?=\/|$)/, '').replace(/\/+$/, '');
    const method = METHODS.get(path);
    if (method === undefined)
      return refusal({ status: 404, message: `Unknown request URL: ${request.method} ${request.path.slice(0, 100)}.` });
    if (method !== request.method)
      return refusal({ status: 405, message: `Use ${method} for ${request.path}.`, headers: { allow: method } });
    switch (path) {
      case '/models':
        return modelList();
      case '/embeddings':
        return this.#embeddings(request);
      case '/chat/completions':
        return this.#answer(request, 'chat', readChat(request.body));
      default:
        return this.#answer(request, 'completion', readCompletion(request.body));
    }
  }

  #answer(request: MockRequest, endpoint: Endpoint, read: { readonly ask: Ask } | { readonly reply: Reply }): Reply {
    if ('reply' in read) return read.reply;
    const { ask } = read;
    const struck = this.#struck(ask.model, request);
    const instead = struck === undefined ? undefined : faultReply(struck, ask.stream);
    if (instead !== undefined) return instead;
    const id = `${endpoint === 'chat' ? 'chatcmpl' : 'cmpl'}-mock-${++this.#answers}`;
    const envelope = { endpoint, id, created: CREATED, ask, wordMs: this.#wordMs };
    const spoiling = struck === 'cut' || struck === 'garbage' ? struck : undefined;
    return render(envelope, struck === 'empty' ? EMPTY : answerTo(ask), spoiling);
  }

  #embeddings(request: MockRequest): Reply {
    const read = readModel(request.body);
    if ('reply' in read) return read.reply;
    const struck = this.#struck(read.ask.model, request);
    if (struck === 'empty') return json(200, { object: 'list', data: [], model: read.ask.model.name });
    if (struck === 'garbage') return whole(200, 'text/html', '<html></html>');
    if (struck === 'cut') return whole(200, 'application/json', '{"object":"list","data":[]}', '{"object":"list"');
    const instead = struck === undefined ? undefined : faultReply(struck, false);
    return instead ?? answerEmbeddings(read.ask.body, read.ask.model);
  }

  #struck(model: Model, request: MockRequest): Model['fault'] {
    const id = request.requestId ?? sha256Hex(request.body);
    return this.#strikes.strikes(model, id) ? model.fault : undefined;
  }
}

const METHODS: ReadonlyMap<string, string> = new Map([
  ['/models', 'GET'],
  ['/embeddings', 'POST'],
  ['/chat/completions', 'POST'],
  ['/completions', 'POST'],
]);

function modelList(): Reply {
  const data = listModels().map(({ name }) => ({ id: name, object: 'model', created: CREATED, owned_by: 'mock' }));
  return json(200, { object: 'list', data });
}
