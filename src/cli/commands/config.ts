// `anymodel-mcp config`: checks the settings, shows them, or prints the JSON Schema of the configuration file. Nothing
// is started and nothing sent. What is shown is redacted, and what check says is what a start would say.

import type { Config, ProviderConfig } from '../../config/config.ts';
import { readConfig } from '../../config/env.ts';
import { configSchemaText } from '../../config/file/json-schema.ts';
import type { Inputs } from '../../config/reader.ts';
import { redacted, withoutUser } from '../../config/redacted.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';

/** `inputs` name the file, if there is one. Gives the exit code. */
export async function runConfig(host: Host, [action]: readonly string[], inputs: Inputs): Promise<number> {
  if (action === 'schema') {
    await print(host.stdout, configSchemaText());
    return 0;
  }
  const say = (output: Host['stdout'], lines: readonly string[]): Promise<void> =>
    print(output, lines.map((line) => `${host.secrets.scrub(line)}\n`).join(''));
  const read = readConfig(inputs);
  if ('problems' in read) {
    await say(host.stderr, read.problems);
    return 2;
  }
  const notes = read.notes.map((note) => `note: ${note}`);
  if (action === 'check') await say(host.stdout, [...summary(read.config), ...notes]);
  else {
    await say(host.stderr, notes);
    await say(host.stdout, [JSON.stringify(redacted(read.config), null, 2)]);
  }
  return 0;
}

function summary({ file, provider, others, aliases, routing, maxRetries }: Config): readonly string[] {
  const all = provider === undefined ? others : [provider, ...others];
  return [
    `${file ?? 'What is set'} is free of problems.`,
    ...all.map((one) => providerLine(one, one === provider)),
    ...(all.length === 0 ? ['no provider'] : []),
    ...Object.entries(aliases).map(
      ([name, targets]) => `model ${name}: ${targets.map((one) => `${one.provider}/${one.model}`).join(', ')}`,
    ),
    `routing: ${routing.strategy}, at most ${maxRetries} ${maxRetries === 1 ? 'retry' : 'retries'}`,
  ];
}

function providerLine(provider: ProviderConfig, isMain: boolean): string {
  const { id, name, type, baseUrl, apiKeyCommand } = provider;
  const count = provider.apiKeys().length;
  const keys = count === 1 ? 'one key' : count === 0 ? 'no key' : `${count} keys`;
  const key = apiKeyCommand === undefined ? keys : 'its key from a command';
  const where = baseUrl === '' ? 'embedded' : `at ${withoutUser(baseUrl)}`;
  const who = name === undefined ? id : `${id} (${name})`;
  return `provider ${who}: ${type} ${where}, ${key}${isMain ? ', the default' : ''}`;
}
