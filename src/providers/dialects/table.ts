// Which dialect each type of provider speaks. A new dialect is one file beside this one and a row here.

import type { Dialect } from '../dialect.ts';
import { openai } from './openai.ts';

export const DIALECTS: Readonly<Record<string, Dialect>> = {
  openai,
  openrouter: openai,
  lmstudio: openai,
  vllm: openai,
  local: openai,
  mock: openai,
};
