// What clients may tell their model of us at the start: what the tools that are offered are for.

const USES: Readonly<Record<string, string>> = {
  chat: 'chat for conversations',
  generate: 'generate for one prompt',
  list_models: 'list_models to see the model names',
  embed: 'embed for vectors',
  job: 'job to read on in an answer that takes long',
};

/** Of tools by their names; those that need no word have none. */
export function instructionsFor(tools: readonly string[]): string {
  const uses = Object.keys(USES).flatMap((name) => (tools.includes(name) ? (USES[name] ?? []) : []));
  const use = uses.length === 0 ? '' : ` Use ${uses.join(', ')}.`;
  return `Asks language models of the configured API.${use}`;
}
