// The providers that variables of their own add, beside the main one: which variables those are, and what each
// adds. A table and nothing else; find-named.ts reads them, shape.ts describes them.

import { httpUrl } from '../settings/parse.ts';
import type { Parse } from '../settings/parse.ts';
import { ollamaHost } from './ollama-host.ts';
import type { ProviderType } from './provider-type.ts';

export interface NamedRow {
  /** What the provider is called. */
  readonly id: ProviderType;
  /** What its variables begin with: `…_API_KEY`, `…_MODELS`. */
  readonly prefix: string;
  /** The variable that adds it, documented as such. */
  readonly sign: string;
  /** The variables that say where it is, and how each is read; the first that is set wins. */
  readonly addresses: Readonly<Record<string, Parse<string>>>;
  /** Variables for the version of its API, the first that is set wins. */
  readonly versions?: readonly string[];
  /** Its type is told by its address. */
  readonly isAnyType?: boolean;
  /** Without a key there is nobody to let us in, unless a gateway does. */
  readonly wantsKey?: boolean;
  /** To the server itself, `…_MODELS` is the folder it keeps its models in. */
  readonly hasFolder?: boolean;
}

export const NAMED: readonly NamedRow[] = [
  // OPENAI_* is also one of the families of the main provider; what is here holds when another one is.
  { id: 'openai', prefix: 'OPENAI', sign: 'OPENAI_API_KEY', addresses: { OPENAI_BASE_URL: httpUrl }, isAnyType: true },
  { id: 'anthropic', prefix: 'ANTHROPIC', sign: 'ANTHROPIC_API_KEY', addresses: { ANTHROPIC_BASE_URL: httpUrl } },
  { id: 'openrouter', prefix: 'OPENROUTER', sign: 'OPENROUTER_API_KEY', addresses: { OPENROUTER_BASE_URL: httpUrl } },
  {
    id: 'azure',
    prefix: 'AZURE_OPENAI',
    sign: 'AZURE_OPENAI_ENDPOINT',
    addresses: { AZURE_OPENAI_BASE_URL: httpUrl, AZURE_OPENAI_ENDPOINT: httpUrl },
    // The second is what the official packages read.
    versions: ['AZURE_OPENAI_API_VERSION', 'OPENAI_API_VERSION'],
    wantsKey: true,
  },
  {
    id: 'ollama',
    prefix: 'OLLAMA',
    sign: 'OLLAMA_HOST',
    // The server reads OLLAMA_HOST as where to listen, so the name that only a client reads goes first.
    addresses: { OLLAMA_BASE_URL: httpUrl, OLLAMA_HOST: ollamaHost },
    hasFolder: true,
  },
  { id: 'lmstudio', prefix: 'LMSTUDIO', sign: 'LMSTUDIO_BASE_URL', addresses: { LMSTUDIO_BASE_URL: httpUrl } },
  { id: 'vllm', prefix: 'VLLM', sign: 'VLLM_BASE_URL', addresses: { VLLM_BASE_URL: httpUrl } },
];

/** Every variable of a row but the one that adds it, for people. */
export function companions({ prefix, sign, addresses, versions = [] }: NamedRow): readonly string[] {
  const own = ['_MODELS', '_RPM', '_TPM'].map((end) => `${prefix}${end}`);
  const all = [`${prefix}_API_KEY`, ...Object.keys(addresses), ...own, ...versions];
  return all.filter((name) => name !== sign);
}
