// The kinds of upstream this version serves, all of them in the OpenAI dialect: how a URL tells which one it
// is, where each is found when no URL is given, and what differs between them. One table.

import type { Parsed } from './parse.ts';

export type ProviderType = 'openai' | 'openrouter' | 'lmstudio' | 'vllm' | 'local' | 'mock';

interface TypeRow {
  /** Where it is found when no URL is given; absent: a URL must be given. Empty: the embedded mock. */
  readonly baseUrl?: string;
  /** A server on one's own machine, which may load the model before its first token. */
  readonly loads: boolean;
}

export const PROVIDER_TYPES: Readonly<Record<ProviderType, TypeRow>> = {
  openai: { baseUrl: 'https://api.openai.com/v1', loads: false },
  openrouter: { baseUrl: 'https://openrouter.ai/api/v1', loads: false },
  lmstudio: { baseUrl: 'http://127.0.0.1:1234/v1', loads: true },
  vllm: { baseUrl: 'http://127.0.0.1:8000/v1', loads: true },
  local: { loads: true },
  mock: { baseUrl: '', loads: false },
};

/** Types the product knows whose dialect this version does not speak. */
const NOT_SPOKEN: Readonly<Record<string, string>> = {
  azure: 'Azure OpenAI',
  anthropic: 'Anthropic',
  ollama: "Ollama's own API",
};

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|host\.docker\.internal|host\.containers\.internal)$/;

export function parseProviderType(text: string): Parsed<ProviderType> {
  const word = text.toLowerCase();
  if (isProviderType(word)) return { value: word };
  const known = Object.hasOwn(NOT_SPOKEN, word) ? NOT_SPOKEN[word] : undefined;
  if (known === undefined) return { problem: 'is not a type of provider' };
  const way = word === 'ollama' ? '; its OpenAI-compatible address ending in /v1 works with type local' : '';
  return { problem: `cannot be used: ${known} is not spoken by this version${way}` };
}

function isProviderType(word: string): word is ProviderType {
  return Object.hasOwn(PROVIDER_TYPES, word);
}

/** Which type an address belongs to when the type is not given. `url` has been checked to be one. */
export function typeOfUrl(url: string): Parsed<ProviderType> {
  const { hostname, port } = new URL(url);
  if (hostname === 'openrouter.ai' || hostname.endsWith('.openrouter.ai')) return { value: 'openrouter' };
  if (hostname === 'api.anthropic.com') return notSpoken('Anthropic');
  if (hostname.endsWith('.openai.azure.com')) return notSpoken('Azure OpenAI');
  if (!isLoopback(url)) return { value: 'openai' };
  return { value: port === '1234' ? 'lmstudio' : port === '8000' ? 'vllm' : 'local' };
}

function notSpoken(name: string): Parsed<ProviderType> {
  return {
    problem: `belongs to ${name}, which this version does not speak; if it answers as OpenAI's does, set PROVIDER_TYPE=openai`,
  };
}

function isLoopback(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname);
}

/** Whether this is OpenAI itself, whose models we know by name. */
export function isOpenAi(url: string): boolean {
  return url !== '' && new URL(url).hostname === 'api.openai.com';
}

/** What a provider is called when nobody named it: its type, or its host where the type says too little. */
export function defaultId(type: ProviderType, url: string): string {
  if (type !== 'openai' || isOpenAi(url) || isLoopback(url)) return type;
  return new URL(url).hostname.replace(/[^\w.-]/g, '');
}
