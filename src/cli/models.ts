// `anymodel-mcp models`: the models of the configured provider, one a line.

import type { Client } from './client.ts';
import { print } from './host.ts';
import type { Host } from './host.ts';

export async function models(host: Host, client: Client): Promise<number> {
  const { texts, isError } = await client.callTool('list_models', {});
  await print(isError ? host.stderr : host.stdout, `${texts.join('\n')}\n`);
  return isError ? 1 : 0;
}
