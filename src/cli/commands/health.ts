// `anymodel-mcp health`: whether the server of these settings is ready, as an exit code. A server on stdio is a matter of
// whoever started it, so it counts as well.

import type { Config } from '../../config/config.ts';
import { askHealth } from '../../gateway.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';

/** Gives the exit code: 0 when it is well, else 1. */
export async function health(host: Host, config: Config): Promise<number> {
  if (config.transport === 'stdio') {
    await print(host.stdout, 'The transport is stdio: there is no server to ask.\n');
    return 0;
  }
  const why = await askHealth(config, host.clock);
  const { listen } = config;
  const server = `The server on ${listen.host} port ${listen.port}`;
  if (why === undefined) await print(host.stdout, `${server} is ready.\n`);
  else await print(host.stderr, `anymodel-mcp: ${server} ${why}.\n`);
  return why === undefined ? 0 : 1;
}
