// OpenRouter: the OpenAI dialect with our name on each request, effort as a member of `reasoning`, and reasoning
// that goes back as the details it came in (openai/profiles.ts). WIRE.md 1 and 3.2.

import type { Dialect } from '../dialect.ts';
import { openai } from './openai.ts';
import { openAiRoute, routeCache } from './openai/sent/request.ts';
import { openAiSending } from './openai/sent/sending.ts';

/** Who is asking, for OpenRouter's own statistics; the user's headers of these names win. */
const ATTRIBUTION = { 'http-referer': 'https://github.com/anymodel-mcp', 'x-title': 'anymodel-mcp' };

const routeOf = routeCache((endpoint) => openAiRoute(endpoint, ATTRIBUTION));

export const openrouter: Dialect = {
  ...openai,
  name: 'openrouter',
  encode: (ask, endpoint, lessons) => openAiSending(ask, endpoint, lessons, routeOf(endpoint)),
};
