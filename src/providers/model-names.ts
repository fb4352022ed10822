// What a model's name tells about how to ask it. Names are all an OpenAI-compatible list gives, so this is
// a written table of families and not a capability query; a wrong guess is mended by the upstream's own 400.

/** The name without the vendor prefixes of routers: `openai/o3-mini` is `o3-mini`. */
function family(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1).toLowerCase();
}

/** OpenAI's reasoning models, which take `max_completion_tokens` and no sampling parameters. */
const OPENAI_REASONING = /^(?:o\d|codex-|gpt-5(?!.*chat))/;

/**
 * Families that think before their first word unless they are told not to, wherever they run. Claudes do from the fifth
 * generation on; older ones think when they are asked to.
 */
const THINKS_FIRST: readonly RegExp[] = [
  /^deepseek-(?:r|reasoner)|^qwq|^magistral|^gpt-oss|^seed-oss/,
  /^grok-(?:4|3-mini)/,
  /^gemini-(?:2\.5-(?:pro|flash(?!-lite|-image))|[3-9])/,
  /(?:^|\.)claude-(?:mythos|fable|(?:[a-z]{4,}-)?[5-9])/,
  /^qwen-?3(?!.*(?:coder|embed|rerank|max))/,
  /^glm-(?:4\.[5-9]|[5-9])/,
  /^(?:kimi-k2\.[5-9]|minimax-m\d|mimo-|nemotron-3|smollm3|exaone-deep|ernie-x)/,
  /(?:^|[-_.:])(?:r1|reasoning|reasoner|thinking|think)(?:$|[-_.:])/,
];

/** Names that say that they do not, whatever the family. */
const ANSWERS_AT_ONCE = /instruct|(?:non|no|without)[-_]?(?:reasoning|thinking|think)|embed/;

export function isOpenAiReasoning(model: string): boolean {
  return OPENAI_REASONING.test(family(model));
}

export function thinksFirst(model: string): boolean {
  const name = family(model);
  if (ANSWERS_AT_ONCE.test(name)) return false;
  return OPENAI_REASONING.test(name) || THINKS_FIRST.some((one) => one.test(name));
}
