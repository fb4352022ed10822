// What a model's name tells about how to ask it. Names are all an OpenAI-compatible list gives, so this is
// a written table of families and not a capability query; a wrong guess is mended by the upstream's own 400.

/** The name without the vendor prefixes of routers: `openai/o3-mini` is `o3-mini`. */
function family(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1).toLowerCase();
}

/** OpenAI's reasoning models, which take `max_completion_tokens` and no sampling parameters. */
const OPENAI_REASONING = /^(?:o\d|gpt-5(?!.*chat))/;

/** Families that may think for long before their first word, wherever they run. */
const THINKS_FIRST =
  /^(?:deepseek-r|deepseek-reasoner|qwq|magistral|gpt-oss|grok-4)|(?:^|[-_.:])(?:r1|reasoning|reasoner|thinking|think)(?:$|[-_.:])/;

export function isOpenAiReasoning(model: string): boolean {
  return OPENAI_REASONING.test(family(model));
}

export function thinksFirst(model: string): boolean {
  const name = family(model);
  return OPENAI_REASONING.test(name) || THINKS_FIRST.test(name);
}
