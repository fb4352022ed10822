// The kinds of upstream there are: how an address tells which one it is (WIRE.md section 1), where each is found
// when no address is given, and what else the configuration must know of them. One table. Plug-ins add kinds of
// their own, of which nothing is known here.

import { isLoopbackHost, isOpenAiHost } from '../../core/host.ts';
import type { Parsed } from '../settings/parse.ts';

export type ProviderType =
  | 'openai'
  | 'azure'
  | 'anthropic'
  | 'openrouter'
  | 'ollama'
  | 'lmstudio'
  | 'vllm'
  | 'local'
  | 'gateway'
  | 'mock';

interface TypeRow {
  /** Where it is found when no URL is given; absent: a URL must be given. Empty: the embedded mock. */
  readonly baseUrl?: string;
}

export const PROVIDER_TYPES: Readonly<Record<ProviderType, TypeRow>> = {
  openai: { baseUrl: 'https://api.openai.com/v1' },
  azure: {},
  anthropic: { baseUrl: 'https://api.anthropic.com' },
  openrouter: { baseUrl: 'https://openrouter.ai/api/v1' },
  ollama: { baseUrl: 'http://127.0.0.1:11434' },
  lmstudio: { baseUrl: 'http://127.0.0.1:1234/v1' },
  vllm: { baseUrl: 'http://127.0.0.1:8000/v1' },
  local: {},
  // Another instance of ours, or what speaks as it does.
  gateway: {},
  mock: { baseUrl: '' },
};

const UNKNOWN: TypeRow = {};

/** Hosts that are one provider's and nobody else's. */
const HOSTS: readonly (readonly [RegExp, ProviderType])[] = [
  [/^(?:.+\.)?openrouter\.ai$/, 'openrouter'],
  [/^api\.anthropic\.com$/, 'anthropic'],
  [/^(?:.+\.)?ollama\.com$/, 'ollama'],
];
const AZURE = /\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)$/;
/** Where other vendors and gateways serve Anthropic's wire, on Azure too, with or without the endpoint pasted. */
const ANTHROPIC_PATH = /\/anthropic(?:\/v1)?(?:\/messages)?\/*$|\/v1\/messages\/*$/;
const OLLAMA_PORT = '11434';
const LOOPBACK_PORTS: Readonly<Record<string, ProviderType>> = { '1234': 'lmstudio', '8000': 'vllm' };

export function parseProviderType(text: string): Parsed<ProviderType> {
  const word = text.toLowerCase();
  return isProviderType(word) ? { value: word } : { problem: 'is not a type of provider' };
}

/** For when there are plug-ins: any name is a type, and whether one of them has it is seen when they are loaded. */
export function parseTypeOrName(text: string): Parsed<string> {
  const known = parseProviderType(text);
  if ('value' in known) return known;
  return isId(text) ? { value: text } : { problem: 'is neither a type of provider nor a name that a plug-in can have' };
}

/** Which type an address belongs to when the type is not given. `url` has been checked to be one. */
export function typeOfUrl(url: string): ProviderType {
  const { hostname, port, pathname } = new URL(url);
  const [, known] = HOSTS.find(([host]) => host.test(hostname)) ?? [];
  if (known !== undefined) return known;
  if (ANTHROPIC_PATH.test(pathname)) return 'anthropic';
  if (AZURE.test(hostname)) return 'azure';
  if (port === OLLAMA_PORT) return 'ollama';
  return isLoopback(url) ? (LOOPBACK_PORTS[port] ?? 'local') : 'openai';
}

/** The same for an address that was given as a gateway's: where nothing tells more of it, it is one. */
export function typeOfGateway(url: string): ProviderType {
  const type = typeOfUrl(url);
  return type === 'local' || Object.values(LOOPBACK_PORTS).includes(type) || (type === 'openai' && !isOpenAi(url))
    ? 'gateway'
    : type;
}

/** Where a type is usually found; `undefined`: nowhere in particular. */
export function usualUrl(type: string): string | undefined {
  return rowOf(type).baseUrl;
}

/** Whether this is OpenAI itself, whose models we know by name. */
export function isOpenAi(url: string): boolean {
  return url !== '' && isOpenAiHost(new URL(url).hostname);
}

/** What a provider is called when nobody named it: its type, or its host where the type says too little. */
export function defaultId(type: string, url: string): string {
  if ((type !== 'openai' && type !== 'gateway') || isOpenAi(url) || isLoopback(url)) return type;
  return new URL(url).hostname.replace(/[^\w.-]/g, '');
}

/** Before an alias where it is listed as a model, so no provider is called so. */
export const RESERVED_ID = 'alias';

/** A model is addressed as `id/model`, so an id has no slash. */
export function isId(text: string): boolean {
  return /^[\w.-]{1,64}$/.test(text);
}

function isProviderType(word: string): word is ProviderType {
  return Object.hasOwn(PROVIDER_TYPES, word);
}

function rowOf(type: string): TypeRow {
  return isProviderType(type) ? PROVIDER_TYPES[type] : UNKNOWN;
}

function isLoopback(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname);
}
