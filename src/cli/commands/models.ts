// `anymodel-mcp models`: the models of the configured providers, one a line; which of them could not be asked, on stderr.

import type { Client } from '../client.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';
import { printable } from '../printable.ts';

export async function models(host: Host, client: Client): Promise<number> {
  const { texts, isError } = await client.callTool('list_models', {});
  const [list = '', ...notes] = texts;
  const output = isError ? host.stderr : host.stdout;
  await print(output, printable(output, `${list}\n`));
  for (const note of notes) await print(host.stderr, printable(host.stderr, `${note}\n`));
  return isError ? 1 : 0;
}
