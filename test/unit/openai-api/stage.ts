// Our API over models that say what a test scripted, with one request after the other.

import { silentLog } from '../../../src/core/log.ts';
import { Secrets } from '../../../src/core/secrets.ts';
import { openAiApi } from '../../../src/openai-api/api.ts';
import type { OpenAiSite } from '../../../src/openai-api/site.ts';
import type { Models } from '../../../src/providers/chat.ts';
import { FakeClock } from '../../support/clock.ts';
import { TestExchange } from '../../support/exchange.ts';
import type { Asked as AskedOver } from '../../support/exchange.ts';
import { scripted } from '../../support/models.ts';
import type { Asked, Script } from '../../support/models.ts';

export interface Stage {
  readonly clock: FakeClock;
  /** What the models were asked. */
  readonly asked: Asked;
  /** Serves a request to its end. */
  readonly ask: (request: AskedOver, client?: string) => Promise<TestExchange>;
  /** Begins to serve it. */
  readonly open: (
    request: AskedOver,
    client?: string,
  ) => { readonly exchange: TestExchange; readonly done: Promise<void> };
}

export interface StageOptions extends Script {
  readonly site?: Partial<OpenAiSite>;
  readonly own?: Partial<Models>;
}

export function stage({ site, own, ...script }: StageOptions = {}): Stage {
  const clock = new FakeClock();
  const { models, asked } = scripted(script);
  const secrets = new Secrets();
  secrets.add('hush-hush-hush');
  let ids = 0;
  const serve = openAiApi({
    models: () => ({ ...models, ...own }),
    nameOf: ({ id, provider }) => (provider === 'corp' ? id : `${provider}/${id}`),
    enter: () => () => {},
    left: () => ({}),
    clock,
    random: { draw: () => 0.5, id: () => `id-${++ids}` },
    log: silentLog,
    totalMs: 600_000,
    maxBodyBytes: 10_000,
    instance: 'here',
    scrub: (text) => secrets.scrub(text),
    ...site,
  });
  const open: Stage['open'] = (request, client) => {
    const exchange = new TestExchange(request);
    const done = Promise.resolve(serve(exchange, client === undefined ? {} : { client }));
    return { exchange, done };
  };
  return {
    clock,
    asked,
    open,
    async ask(request, client) {
      const { exchange, done } = open(request, client);
      await done;
      return exchange;
    },
  };
}

export const CHAT = '/v1/chat/completions';

/** A request to chat. */
export function chat(more: object = {}): AskedOver {
  return { path: CHAT, body: { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more } };
}
