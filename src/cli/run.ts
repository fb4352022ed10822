// From a command line to an exit code: reads arguments and configuration, builds the gateway, runs the command,
// and turns whatever is thrown into one line on stderr.

import { reloadable } from '../config/reload/reload.ts';
import { absolutePath, isFolder, openSecretFile, readTextFile } from '../config/files.ts';
import type { Inputs } from '../config/reader.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../core/fault.ts';
import type { Log } from '../core/log.ts';
import { createGateway, openDialects, openKeyCommands } from '../gateway.ts';
import type { Gateway, GatewayParts } from '../gateway.ts';
import { createLog } from '../observe/sink.ts';
import type { LogOptions } from '../observe/sink.ts';
import { parseArgs } from './args.ts';
import type { Invocation } from './args.ts';
import { keepCurrent } from './current.ts';
import { print } from './host.ts';
import type { Host } from './host.ts';
import { serve } from './commands/serve.ts';

/** Commands whose output is an answer that a person waits for. */
const ANSWERING: ReadonlySet<string> = new Set(['demo', 'chat', 'models', 'doctor', 'explain', 'health']);

const USAGE = 2;
const FAILED = 1;

/** Runs the command line of `host`. Gives the exit code, never rejects. */
export async function run(host: Host): Promise<number> {
  try {
    const parsed = parseArgs(host.argv);
    if ('problems' in parsed) return await refuse(host, [...parsed.problems, 'See anymodel-mcp --help']);
    if ('show' in parsed) {
      await print(host.stdout, await shown(host, parsed.show));
      return 0;
    }
    return await configured(host, parsed.run);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    if (fault.kind === 'CONFIG') return await refuse(host, [fault.message]);
    if (fault.kind !== 'internal') return await fail(host, fault);
    reportCrash(host, thrown);
    return FAILED;
  }
}

async function shown({ version }: Host, what: 'help' | 'version'): Promise<string> {
  if (what === 'version') return `${version}\n`;
  const { helpText } = await import('./help.ts');
  return helpText(version);
}

/** The last words about something nobody expected: one line of the log, whatever LOG_LEVEL says. */
export function reportCrash(host: Host, thrown: unknown): void {
  logFor(host, 'error').error('the program failed, which is a defect of its own; please report it', { error: thrown });
}

async function configured(host: Host, invocation: Invocation): Promise<number> {
  const { command } = invocation;
  const inputs = inputsFor(host, invocation);
  if (command === 'config') {
    const { runConfig } = await import('./commands/config.ts');
    return runConfig(host, invocation.words, inputs);
  }
  const settings = reloadable(inputs, host.clock);
  const read = settings.read();
  if (command === 'doctor') {
    const open = async (config: Config): Promise<Gateway> => openGateway(host, config, logFor(host, config.logLevel));
    const { doctor } = await import('./commands/doctor.ts');
    return doctor(host, invocation, { read, open });
  }
  if ('problems' in read) return refuse(host, read.problems);
  const config = command === 'serve' ? read.config : watched(read.config);
  const sink = sinkFor(host, config.logLevel);
  const log = createLog(sink);
  for (const note of read.notes) log.info(note);
  if (command === 'health') {
    const { health } = await import('./commands/health.ts');
    return health(host, config);
  }
  if (command === 'mock') {
    const { mock } = await import('./commands/mock.ts');
    return mock(host, config);
  }
  const opening = openGateway(host, config, log);
  // Not waited for where nothing has to be: whoever signals us early should find us listening.
  const gateway = opening instanceof Promise ? await opening : opening;
  // Without a file there is nothing to read again: what variables say stays, and secret files are followed as it is.
  const isWatched = command === 'serve' && config.file !== undefined;
  const stop = isWatched ? keepCurrent(host, settings, { gateway, log, sink }) : undefined;
  try {
    return await act(host, invocation, { config, log, gateway });
  } finally {
    stop?.();
    await gateway.close();
  }
}

/** The gateway, at once where no plug-in has to be loaded and no key command run. */
function openGateway(host: Host, config: Config, log: Log): Gateway | Promise<Gateway> {
  const { clock, random, secrets, version } = host;
  const parts: GatewayParts = { clock, random, secrets, log, version };
  const opening = openKeyCommands(config, parts);
  if (config.plugins.length === 0 && !(opening instanceof Promise))
    return createGateway(config, { ...parts, commands: opening });
  return Promise.all([openDialects(config, parts), opening]).then(([dialects, commands]) =>
    createGateway(config, { ...parts, dialects, commands }),
  );
}

interface Ready {
  readonly config: Config;
  readonly log: Log;
  readonly gateway: Gateway;
}

async function act(host: Host, invocation: Invocation, ready: Ready): Promise<number> {
  const { gateway } = ready;
  if (invocation.command === 'serve') return serve(host, gateway, ready);
  if (invocation.command === 'explain') {
    const { explain } = await import('./commands/explain.ts');
    return explain(host, invocation, gateway);
  }
  const { converse } = await import('./converse.ts');
  return converse(host, invocation, gateway);
}

/** A person at a shell may name the file from where they are; `config` takes it as a word. */
function inputsFor(host: Host, invocation: Invocation): Inputs {
  const { command, flags, words } = invocation;
  const file = (command === 'config' ? words[1] : undefined) ?? flags.get('--config') ?? '';
  return {
    env: envFor(host, invocation),
    flags: file === '' ? flags : new Map([...flags, ['--config', absolutePath(file)]]),
    openSecret: openSecretFile,
    readText: readTextFile,
    isFolder,
    secrets: host.secrets,
  };
}

/** The demo knows nothing of what is configured, unless asked to; what a person watches is not strewn with logs. */
function envFor({ env }: Host, { command, switches }: Invocation): Host['env'] {
  if (command === 'demo' && !switches.has('--live')) return { PROVIDER_TYPE: 'mock', LOG_LEVEL: 'error' };
  return ANSWERING.has(command) ? { ...env, LOG_LEVEL: env['LOG_LEVEL'] || 'error' } : env;
}

/** Commands show answers as they come, whatever a client would be told, by tools that clients may not have. */
function watched(config: Config): Config {
  return { ...config, progress: 'delta', tools: [...new Set([...config.tools, 'chat', 'list_models'])] };
}

function logFor(host: Host, level: Config['logLevel']): Log {
  return createLog(sinkFor(host, level));
}

function sinkFor(host: Host, level: Config['logLevel']): LogOptions {
  // Opened with the first line: the stream of stderr costs a tenth of the start, and most runs never log.
  const stream = { write: (text: string) => host.stderr.write(text) };
  return { stream, level, clock: host.clock, scrub: (text) => host.secrets.scrub(text) };
}

async function refuse(host: Host, problems: readonly string[]): Promise<number> {
  await print(host.stderr, problems.map((line) => `anymodel-mcp: ${host.secrets.scrub(line)}\n`).join(''));
  return USAGE;
}

async function fail(host: Host, fault: Fault): Promise<number> {
  await print(
    host.stderr,
    `anymodel-mcp: ${host.secrets.scrub([fault.message, fault.data.next ?? ''].join(' ').trimEnd())}\n`,
  );
  return FAILED;
}
