// Which dialect each type of provider speaks. A new dialect is one file beside this one and a row here.

import type { Dialect } from '../dialect.ts';
import { azure } from './azure.ts';
import { ollama } from './ollama.ts';
import { anthropic } from './anthropic.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  openai,
  anthropic,
  azure,
  openrouter,
  ollama,
  lmstudio: openai,
  vllm: openai,
  local: openai,
  gateway: openai,
  mock: openai,
};
