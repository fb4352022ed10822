// `anymodel-mcp mock`: the mock upstream on a port of its own, until the process is asked to end.

import type { Config } from '../../config/config.ts';
import { listModels } from '../../mock/models.ts';
import { createMock } from '../../mock/server.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';

export async function mock(host: Host, { listen }: Config): Promise<number> {
  const server = await createMock({ clock: host.clock, ...listen });
  const ended = new Promise<void>((resolve) => {
    host.onSignal(() => resolve());
  });
  const list = listModels().map(({ name, about }) => `  ${name.padEnd(10)} ${about}`);
  const lines = [`The mock answers at ${server.url}, with any key or none. Its models:`, ...list, 'Ctrl-C ends it.'];
  await print(host.stdout, `${lines.join('\n')}\n`);
  await ended;
  await server.close();
  return 0;
}
