// Paths, methods, media types, limits, headers and loops: what is the same whatever is asked for; and the endpoints that
// do not chat.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { ChatEvent, ModelContext } from '../../../src/providers/chat.ts';
import { answering } from '../../support/models.ts';
import { settle } from '../../support/scripted-fetch.ts';
import { chat, CHAT, stage } from './stage.ts';

const answered = { batches: [answering('Hi')] };

const codeOf = (json: unknown): unknown => Object(json).error.code;

describe('a path', () => {
  test('may have the version twice, and slashes at its end', async () => {
    const { ask } = stage(answered);
    for (const path of [CHAT, `${CHAT}/`, `/v1${CHAT}`, '/v1/v1/v1/chat/completions//'])
      assert.equal((await ask({ ...chat(), path })).status, 200, path);
  });

  test('that is not served is named', async () => {
    const { ask } = stage();
    for (const path of ['/v1', '/v1/', '/v1/responses', '/v1/chat', '/v1x/models', '/v1/models/']) {
      const { status, json } = await ask({ path, method: 'POST', body: {} });
      if (path === '/v1/models/') assert.deepEqual([status, codeOf(json)], [405, 'method_not_supported']);
      else assert.deepEqual([status, codeOf(json)], [404, 'unknown_url'], path);
    }
  });

  test('takes only its own method', async () => {
    const { ask } = stage(answered);
    const { status, headers } = await ask({ path: CHAT, method: 'GET' });
    assert.deepEqual([status, headers['allow']], [405, 'POST']);
    assert.equal((await ask({ path: '/v1/models', method: 'POST', body: {} })).status, 405);
  });
});

describe('a body', () => {
  const posted = (headers: Record<string, string>): Parameters<ReturnType<typeof stage>['ask']>[0] => ({
    ...chat(),
    headers,
  });

  test('is read whatever it is labelled as', async () => {
    const { ask } = stage(answered);
    const types = [
      'application/json',
      'application/json; charset=UTF-8',
      'text/plain',
      'application/x-www-form-urlencoded',
    ];
    for (const type of types) assert.equal((await ask(posted({ 'content-type': type }))).status, 200, type);
    assert.equal((await ask(posted({ accept: '*/*', 'content-encoding': 'identity' }))).status, 200);
  });

  test('that is packed, a form or in another script is refused with 415', async () => {
    const { ask, asked } = stage(answered);
    const odd = [
      { 'content-encoding': 'gzip' },
      { 'content-type': 'multipart/form-data; boundary=x' },
      { 'content-type': 'application/json; charset="utf-16"' },
    ];
    for (const headers of odd) {
      const { status, json } = await ask(posted(headers));
      assert.deepEqual([status, codeOf(json)], [415, 'unsupported_media_type']);
    }
    assert.equal(asked.chat.length, 0);
  });

  test('that is no JSON object is refused with 400, a large one with 413', async () => {
    const { ask } = stage();
    for (const body of ['', '{', 'null', '[]', '"x"'])
      assert.equal((await ask({ path: CHAT, method: 'POST', body })).status, 400, body);
    assert.equal((await ask(chat({ user: 'x'.repeat(10_000) }))).status, 413);
  });
});

describe('every answer', () => {
  test('carries the id of its request on, and ours where it has none that can be one', async () => {
    const seen: string[] = [];
    const serve = ({ requestId }: ModelContext): void => void seen.push(requestId);
    const { ask } = stage({ ...answered, serve });
    const ids = ['abc-1', 'bad id\r\n', 'x'.repeat(129)];
    const got: (string | undefined)[] = [];
    for (const id of ids) got.push((await ask({ ...chat(), headers: { 'x-request-id': id } })).headers['x-request-id']);
    assert.deepEqual(got, ['abc-1', 'id-1', 'id-2']);
    assert.deepEqual(seen, ['abc-1', 'id-1', 'id-2']);
    assert.equal((await ask({ path: CHAT, body: '{' })).headers['x-request-id'], 'id-3');
  });

  test('says what is left of the limits of the client', async () => {
    const { ask } = stage({
      ...answered,
      site: {
        left: (client) => {
          assert.equal(client, 'ci');
          return Promise.resolve({
            requests: { limit: 60, left: 41.7, resetMs: 1510 },
            tokens: { limit: 1000, left: 0, resetMs: 82_801_000 },
            usd: { limit: 5, left: 4.99996, resetMs: 1 },
          });
        },
      },
    });
    const { headers } = await ask(chat(), 'ci');
    const told = Object.fromEntries(Object.entries(headers).filter(([name]) => /ratelimit|budget/.test(name)));
    assert.deepEqual(told, {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '41',
      'x-ratelimit-reset-requests': '1.6s',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '23h0m1s',
      'anymodel-budget-usd-left': '5.0000',
    });
  });

  test('is given although what is left is not known', async () => {
    const { ask } = stage({ ...answered, site: { left: () => Promise.reject(new Error('store')) } });
    assert.equal((await ask(chat())).status, 200);
  });
});

describe('leave to run', () => {
  test('is asked for in the name of the client, and given back when the call is over', async () => {
    const log: string[] = [];
    const { ask } = stage({
      batches: [new Fault('UPSTREAM', 'x')],
      site: { enter: (client) => (log.push(`in ${client}`), Promise.resolve(() => void log.push('out'))) },
    });
    await ask(chat(), 'ci');
    await ask(chat({ n: 2 }));
    assert.deepEqual(log, ['in ci', 'out', 'in ', 'out']);
  });

  test('that is refused is answered, and nothing is asked', async () => {
    const enter = (): never => {
      throw new Fault('RATE_LIMITED', 'Too often.', { retryAfterMs: 3000 });
    };
    const { ask, asked } = stage({ ...answered, site: { enter } });
    const { status, headers } = await ask(chat());
    assert.deepEqual([status, headers['retry-after'], asked.chat.length], [429, '3', 0]);
  });

  test('is given to so many at a time', async () => {
    const own = {
      chat: (_request: unknown, { cancel }: ModelContext) =>
        new Promise<void>((_, reject) => void cancel.onCancel(reject)),
    };
    const { open, ask } = stage({ own });
    const calls = Array.from({ length: 1024 }, () => open(chat()));
    await settle();
    const { status, json } = await ask(chat());
    assert.deepEqual([status, codeOf(json)], [503, 'overloaded']);
    calls[0]?.exchange.leave();
    await calls[0]?.done;
    const { exchange, done } = open(chat());
    await settle();
    assert.equal(exchange.state, 'none');
    for (const call of calls) call.exchange.leave();
    exchange.leave();
    await Promise.all([done, ...calls.map((call) => call.done)]);
  });
});

describe('a request that comes round', () => {
  test('is refused, once and for all', async () => {
    const { ask, asked } = stage(answered);
    for (const via of ['here', 'other, here', 'a,b,c,d,e,f,g,h']) {
      const { status, headers, json } = await ask({ ...chat(), headers: { 'anymodel-via': via } });
      assert.deepEqual([status, headers['x-should-retry'], codeOf(json)], [508, 'false', 'loop_detected']);
    }
    assert.equal((await ask({ path: '/v1/models', headers: { 'anymodel-via': 'here' } })).status, 508);
    assert.equal(asked.chat.length, 0);
  });

  test('is known by the name that it carries on', async () => {
    const seen: (string | undefined)[] = [];
    const serve = ({ via }: ModelContext): void => void seen.push(via);
    const { ask } = stage({ ...answered, serve });
    await ask(chat());
    await ask({ ...chat(), headers: { 'anymodel-via': ' first ,second' } });
    assert.deepEqual(seen, ['here', 'first, second, here']);
  });
});

test('a defect is an error that says nothing of itself', async () => {
  const lines: unknown[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (...line: unknown[]) => void lines.push(line),
    with: () => log,
  };
  const { ask } = stage({ batches: [new TypeError('secret detail')], site: { log } });
  const { status, text } = await ask(chat());
  assert.equal(status, 500);
  assert.doesNotMatch(text, /secret/);
  assert.match(JSON.stringify(lines), /secret detail/);
});

describe('completions', () => {
  const start: ChatEvent = { type: 'start', id: 'cmpl-9', model: 'x', created: 5 };
  const batches: readonly (readonly ChatEvent[])[] = [
    [start, { type: 'text', text: 'Once ' }],
    [
      { type: 'text', text: 'upon' },
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
      { type: 'finish', reason: 'length' },
    ],
  ];
  const head = { id: 'cmpl-9', object: 'text_completion', created: 5, model: 'x' };
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };

  test('are whole', async () => {
    const { ask, asked } = stage({ batches });
    const { json } = await ask({ path: '/v1/completions', body: { model: 'm', prompt: 'Tell' } });
    const choices = [{ text: 'Once upon', index: 0, logprobs: null, finish_reason: 'length' }];
    assert.deepEqual(json, { ...head, choices, usage });
    assert.deepEqual(asked.complete, [{ model: 'm', prompt: 'Tell' }]);
  });

  test('have their images beside the text', async () => {
    const painted: readonly (readonly ChatEvent[])[] = [
      [start, { type: 'image', url: 'https://img.example/1' }],
      [{ type: 'finish', reason: 'stop' }],
    ];
    const images = [{ type: 'image_url', image_url: { url: 'https://img.example/1' } }];
    const choice = { text: '', index: 0, logprobs: null };
    const { ask } = stage({ batches: painted });
    const { json } = await ask({ path: '/v1/completions', body: { prompt: 'A dot' } });
    assert.deepEqual(json, { ...head, choices: [{ ...choice, finish_reason: 'stop', images }] });
    const { data } = await ask({ path: '/v1/completions', body: { prompt: 'A dot', stream: true } });
    assert.deepEqual(data, [
      { ...head, choices: [{ ...choice, finish_reason: null, images }] },
      { ...head, choices: [{ ...choice, finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  test('are streamed', async () => {
    const { ask } = stage({ batches });
    const body = { prompt: 'Tell', stream: true, stream_options: { include_usage: true } };
    const { data } = await ask({ path: '/v1/completions', body });
    const chunk = (text: string, finish_reason: string | null): object => ({
      ...head,
      choices: [{ text, index: 0, logprobs: null, finish_reason }],
      usage: null,
    });
    assert.deepEqual(data, [
      chunk('Once ', null),
      chunk('upon', null),
      chunk('', 'length'),
      { ...head, choices: [], usage },
      '[DONE]',
    ]);
  });
});

describe('embeddings', () => {
  const embeddings = {
    model: 'e-1',
    vectors: [
      [0.5, -1],
      [0.1, 2],
    ],
    usage: { inputTokens: 4 },
  };

  test('are numbers', async () => {
    const { ask, asked } = stage({ embeddings });
    const { json } = await ask({ path: '/v1/embeddings', body: { model: 'e', input: ['a', 'b'] } });
    assert.deepEqual(json, {
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.5, -1] },
        { object: 'embedding', index: 1, embedding: [0.1, 2] },
      ],
      model: 'e-1',
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
    assert.deepEqual(asked.embed, [{ model: 'e', input: ['a', 'b'] }]);
  });

  test('are packed where that is asked for', async () => {
    const { ask } = stage({ embeddings: { ...embeddings, usage: {} } });
    const { json } = await ask({ path: '/v1/embeddings', body: { input: 'a', encoding_format: 'base64' } });
    const { data, usage } = Object(json);
    assert.deepEqual([data[0].embedding, usage], ['AAAAPwAAgL8=', undefined]);
  });
});

describe('models', () => {
  const models = [
    {
      id: 'gpt-x',
      provider: 'corp',
      ownedBy: 'openai',
      created: 7,
      contextLength: 8192,
      capabilities: { tools: true },
    },
    { id: 'meta/llama', provider: 'local' },
    { id: 'gpt-x', provider: 'corp' },
  ];
  const rows = [
    {
      id: 'gpt-x',
      object: 'model',
      created: 7,
      owned_by: 'openai',
      context_length: 8192,
      capabilities: { tools: true },
    },
    { id: 'local/meta/llama', object: 'model', created: 0, owned_by: 'local' },
  ];

  test('are listed once, by the names that requests may give', async () => {
    const { json } = await stage({ models }).ask({ path: '/v1/models' });
    assert.deepEqual(json, { object: 'list', data: rows });
  });

  test('are found by their names, slashes and all', async () => {
    const { ask } = stage({ models });
    assert.deepEqual((await ask({ path: '/v1/models/local/meta/llama' })).json, rows[1]);
    const { status, json } = await ask({ path: '/v1/models/gpt-y' });
    assert.equal(status, 404);
    assert.deepEqual(json, {
      error: {
        message: 'There is no model "gpt-y". Did you mean "gpt-x"?',
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    });
    assert.equal((await ask({ path: '/v1/models/__proto__' })).status, 404);
  });
});
