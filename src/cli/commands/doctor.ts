// `anymodel-mcp doctor`: what is wrong with the configuration, and then with each provider, step by step, with the next
// thing a person can do about each failure. All providers are examined at once and shown in order.

import type { Config } from '../../config/config.ts';
import type { Configured } from '../../config/env.ts';
import { readTextFile } from '../../config/files.ts';
import { CancelSource } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { nearest } from '../../core/nearest.ts';
import type { Gateway } from '../../gateway.ts';
import type { Invocation } from '../args.ts';
import { isWell, settingsLines, summaryLine } from '../doctor/report.ts';
import type { Examination } from '../doctor/report.ts';
import { Show } from '../doctor/show.ts';
import { print } from '../host.ts';
import type { Host } from '../host.ts';
import { inkFor } from '../ink.ts';

const UNFIT = 2;
const FAILED = 1;

const LAST_GOOD =
  'A server that runs stays with the last good configuration until the problems are mended; a new one will not start.';

export interface Patient {
  readonly read: Configured;
  readonly open: (config: Config) => Promise<Gateway>;
}

/** What is known of the settings before anybody is asked. */
export interface Settings {
  readonly file?: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Gives the exit code: 0 all well, 1 something failed, 2 the configuration is unfit. */
export async function doctor(host: Host, { switches, words }: Invocation, { read, open }: Patient): Promise<number> {
  const isJson = switches.has('--json');
  const config = 'problems' in read ? read.readable : read.config;
  const opened = await opening(open, config);
  const ids = opened.gateway?.providers ?? [];
  const settings = {
    ...(config.file === undefined ? {} : { file: config.file }),
    problems: [...('problems' in read ? read.problems : []), ...opened.problems, ...misnamed(words[0], ids)],
    notes: notesOf(read, config),
  };
  const ink = inkFor(host.stdout, host.env);
  if (!isJson) await print(host.stdout, printed(settingsLines(settings, ink)));
  const chosen = words[0] === undefined ? ids : ids.filter((id) => id === words[0]);
  const done = opened.gateway === undefined ? [] : await examineAll(host, opened.gateway, { chosen, switches });
  if (isJson) await print(host.stdout, `${JSON.stringify(asJson(host.version, settings, done), null, 2)}\n`);
  else await print(host.stdout, printed(['', summaryLine(done, settings.problems.length, ink)]));
  if (settings.problems.length > 0) return UNFIT;
  return done.every(isWell) ? 0 : FAILED;
}

/** With a file that has problems, what that means for a server that has been running since before. */
function notesOf(read: Configured, { file }: Config): readonly string[] {
  if ('notes' in read) return read.notes;
  return file === undefined ? [] : [LAST_GOOD];
}

interface Opened {
  readonly gateway?: Gateway;
  readonly problems: readonly string[];
}

/** One attempt at each: what comes back first is what is to be seen. */
async function opening(open: Patient['open'], config: Config): Promise<Opened> {
  try {
    const gateway = await open({ ...config, maxRetries: 0 });
    if (gateway.providers.length > 0) return { gateway, problems: [] };
    await gateway.close();
    return { problems: ['No provider is configured. Set API_BASE_URL, and API_KEY if it wants a key.'] };
  } catch (thrown) {
    const { kind, message } = Fault.from(thrown);
    if (kind !== 'CONFIG') throw thrown;
    return { problems: [message] };
  }
}

function misnamed(asked: string | undefined, ids: readonly string[]): readonly string[] {
  if (asked === undefined || ids.length === 0 || ids.includes(asked)) return [];
  const near = nearest(asked, ids);
  return [
    `There is no such provider. ${near === undefined ? `There are: ${ids.join(', ')}` : `Did you mean ${near}?`}`,
  ];
}

interface Round {
  readonly chosen: readonly string[];
  readonly switches: Invocation['switches'];
}

async function examineAll(host: Host, gateway: Gateway, { chosen, switches }: Round): Promise<readonly Examination[]> {
  const cancel = new CancelSource();
  const withdraw = host.onSignal((name) => cancel.cancel(new Fault('CANCELLED', `Stopped by ${name}.`)));
  const show = new Show(host, chosen, !switches.has('--json'));
  const isContainer = runsInContainer(host.env);
  try {
    const done = await Promise.all(
      chosen.map(async (id, at) => {
        const options = { complete: switches.has('--complete'), isContainer, cancel };
        const examination = await gateway.examine(id, {
          ...options,
          onBegin: (name) => show.begin(at, name),
          onStep: (step) => show.step(at, step),
          onUrl: (url) => show.open(at, url),
        });
        show.end(at);
        return examination;
      }),
    );
    if (cancel.reason !== undefined) throw cancel.reason;
    return done;
  } finally {
    withdraw();
    await gateway.close();
  }
}

/** As far as can be told: by the files that Docker and Podman leave, and by variables. */
function runsInContainer(env: Host['env']): boolean {
  const marks = ['/.dockerenv', '/run/.containerenv'];
  return (
    [env['container'], env['KUBERNETES_SERVICE_HOST']].some((value) => (value ?? '') !== '') || marks.some(isThere)
  );
}

function isThere(path: string): boolean {
  return 'value' in readTextFile(path);
}

function asJson(version: string, { file, problems, notes }: Settings, done: readonly Examination[]): object {
  const isOk = problems.length === 0 && done.every(isWell);
  return { version, ok: isOk, configuration: { file: file ?? null, problems, notes }, providers: done };
}

function printed(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
