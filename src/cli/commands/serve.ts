// `anymodel-mcp`: the server, on stdio or over HTTP. On stdio stdout carries protocol messages and nothing else.

import type { Config } from '../../config/config.ts';
import { Fault } from '../../core/fault.ts';
import type { Log } from '../../core/log.ts';
import type { Gateway } from '../../gateway.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';

const NOT_A_CLIENT =
  'This is an MCP server: it waits for a client to speak on stdin. To see it at work: anymodel-mcp demo. ' +
  'To ask a model: anymodel-mcp chat "…". For everything else: anymodel-mcp --help\n';

/** How long answers under way may take once the process is asked to end. */
const DRAIN_MS = 10_000;

interface Ready {
  readonly config: Config;
  readonly log: Log;
}

/** Serves as the configuration says, until there is a normal end. */
export function serve(host: Host, gateway: Gateway, ready: Ready): Promise<number> {
  return ready.config.transport === 'http' ? serveHttp(host, gateway, ready) : serveStdio(host, gateway, ready);
}

/** Until the process is asked to end; asked twice it ends at once. Nobody is at stdin. */
async function serveHttp(host: Host, gateway: Gateway, { config, log }: Ready): Promise<number> {
  let asked = 0;
  let serving: Awaited<ReturnType<Gateway['serveHttp']>> | undefined = undefined;
  // Not withdrawn: a signal that comes while the process is ending in order must not end it in another way.
  host.onSignal((name) => {
    asked += 1;
    log.info('stopping', { signal: name });
    if (asked > 1) serving?.stop();
    else serving?.drain(DRAIN_MS);
  });
  serving = await gateway.serveHttp((line) => void host.stderr.write(`${line}\n`));
  log.info('listening', { url: serving.url });
  if (host.stderr.isTTY === true) await print(host.stderr, `anymodel-mcp listens on ${serving.url}\n`);
  tellProviders(config, log, host.version);
  if (asked > 0) serving.stop();
  await serving.done;
  return 0;
}

/** Until stdin ends or the process is asked to end; both are a normal end. */
async function serveStdio(host: Host, gateway: Gateway, { config, log }: Ready): Promise<number> {
  if (host.stdin.isTTY === true) await print(host.stderr, NOT_A_CLIENT);
  const serving = gateway.serveStdio({ stdin: host.stdin, stdout: host.stdout });
  const withdraw = host.onSignal((name) => serving.stop(new Fault('CANCELLED', `The server was stopped (${name}).`)));
  tellProviders(config, log, host.version);
  await serving.done;
  withdraw();
  return 0;
}

function tellProviders({ provider, others }: Config, log: Log, version: string): void {
  const all = provider === undefined ? others : [provider, ...others];
  if (all.length === 0) log.warn('no provider is configured: set API_BASE_URL and API_KEY');
  else log.debug('ready', { version, providers: all.map(({ id, baseUrl }) => `${id} ${baseUrl}`) });
}
