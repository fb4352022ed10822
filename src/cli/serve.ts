// `anymodel-mcp`: the MCP server on stdio. From here on stdout carries protocol messages and nothing else.

import type { Config } from '../config/config.ts';
import { Fault } from '../core/fault.ts';
import type { Log } from '../core/log.ts';
import type { Gateway } from '../gateway.ts';
import { print } from './host.ts';
import type { Host } from './host.ts';

const NOT_A_CLIENT =
  'This is an MCP server: it waits for a client to speak on stdin. To see it at work: anymodel-mcp demo. ' +
  'To ask a model: anymodel-mcp chat "…". For everything else: anymodel-mcp --help\n';

/** Serves until stdin ends or the process is asked to end; both are a normal end. */
export async function serve(
  host: Host,
  gateway: Gateway,
  { config, log }: { config: Config; log: Log },
): Promise<number> {
  if (host.stdin.isTTY === true) await print(host.stderr, NOT_A_CLIENT);
  const serving = gateway.serveStdio({ stdin: host.stdin, stdout: host.stdout });
  const withdraw = host.onSignal((name) => serving.stop(new Fault('CANCELLED', `The server was stopped (${name}).`)));
  const { provider, others } = config;
  const all = provider === undefined ? others : [provider, ...others];
  if (all.length === 0) log.warn('no provider is configured: set API_BASE_URL and API_KEY');
  else log.debug('ready', { version: host.version, providers: all.map(({ id, baseUrl }) => `${id} ${baseUrl}`) });
  await serving.done;
  withdraw();
  return 0;
}
