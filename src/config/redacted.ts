// The settings in force, fit to be shown: what is or may be secret is told to be set, and nothing more. Whatever is
// shown is scrubbed all the same.

import { present } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import type { Config, ProviderConfig } from './config.ts';

const SET = '[set]';

export function redacted(config: Config): JsonObject {
  const { provider, others, clientKeys, access, proxies, authorities, ...rest } = config;
  const all = provider === undefined ? others : [provider, ...others];
  return {
    providers: all.map(redactedProvider),
    ...present({ mainProvider: provider?.id }),
    ...plain(rest),
    clientKeys: clientKeys.map((key) => Object.assign(plain(key), { sha256: SET })),
    access: {
      ...plain(access),
      givenKeys: access.givenKeys().map((key) => Object.assign(plain(key), { sha256: SET })),
    },
    proxies: Object.fromEntries(
      Object.entries(proxies).map(([name, value]: [string, string]) => [name, withoutUser(value)]),
    ),
    ...present({ authorities: authorities === undefined ? undefined : SET }),
  };
}

function redactedProvider(provider: ProviderConfig): JsonObject {
  const { apiKeys, apiKeyCommand, headers, query, tls, proxy, baseUrl, names: _, ...rest } = provider;
  return {
    ...plain(rest),
    baseUrl: withoutUser(baseUrl),
    apiKeys: apiKeys().map(() => SET),
    // Its arguments may hold what lets it in.
    ...(apiKeyCommand === undefined ? {} : { apiKeyCommand: { ...plain(apiKeyCommand), command: SET } }),
    headers: hidden(headers),
    query: hidden(query),
    ...(tls === undefined ? {} : { tls: { ...hidden(tls), ...present({ serverName: tls.serverName }) } }),
    ...(proxy === undefined ? {} : { proxy: withoutUser(proxy) }),
  };
}

function hidden(values: object): JsonObject {
  return Object.fromEntries(Object.keys(values).map((name) => [name, SET]));
}

/** An address without what it carries besides: user, password, query. */
export function withoutUser(url: string): string {
  return url.replace(/\?.*$/s, `?${SET}`).replace(/(^|\/\/)[^/]*@/, `$1${SET}@`);
}

function plain(value: object): JsonObject {
  const copy: JsonObject = JSON.parse(JSON.stringify(value));
  return copy;
}
