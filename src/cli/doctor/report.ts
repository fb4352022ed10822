// What doctor finds, as lines: one for each step, in columns, and one below it for what to do. Steps that were passed
// over for one reason share a line. Pure.

import type { Gateway } from '../../gateway.ts';
import type { Settings } from '../commands/doctor.ts';
import type { Ink } from '../ink.ts';

export type Examination = Awaited<ReturnType<Gateway['examine']>>;
export type Step = Examination['steps'][number];

const STATE_WIDTH = 8;
const NAME_WIDTH = 8;
const MS_WIDTH = 9;

export function isWell({ steps }: Examination): boolean {
  return steps.every(({ state }) => state !== 'failed');
}

export function settingsLines({ file, problems, notes }: Settings, ink: Ink): readonly string[] {
  const count =
    problems.length === 0
      ? ink.good('ok')
      : ink.bad(problems.length === 1 ? '1 problem' : `${problems.length} problems`);
  return [
    `${ink.bold('Configuration')}  ${file ?? 'the environment'}: ${count}`,
    ...problems.map((line) => `  ${ink.bad('problem')}  ${line}`),
    ...notes.map((line) => `  ${ink.dim('note')}     ${line}`),
  ];
}

export function headingLines(id: string, url: string, ink: Ink): readonly string[] {
  return ['', `${ink.bold(id)}  ${url === '' ? 'embedded in this program' : url}`];
}

export function stepLines({ name, state, ms, said, next }: Step, ink: Ink): readonly string[] {
  const padded = state.padEnd(STATE_WIDTH);
  const painted = state === 'ok' ? ink.good(padded) : state === 'failed' ? ink.bad(padded) : ink.dim(padded);
  const time = ms === undefined ? '' : `${ms} ms`;
  const line = `  ${painted} ${name.padEnd(NAME_WIDTH)}${time.padStart(MS_WIDTH)}  ${said}`;
  const indent = ' '.repeat(STATE_WIDTH + NAME_WIDTH + MS_WIDTH + 5);
  return next === undefined ? [line] : [line, `${indent}${ink.bold('->')} ${next}`];
}

export function skippedLine(names: readonly string[], said: string, ink: Ink): string {
  return `  ${ink.dim('skipped'.padEnd(STATE_WIDTH))} ${names.join(', ')}: ${said}`;
}

export function summaryLine(done: readonly Examination[], problems: number, ink: Ink): string {
  const ill = done.filter((one) => !isWell(one)).map(({ provider }) => provider);
  const all = [...(problems > 0 ? ['the configuration'] : []), ...ill];
  if (all.length > 0) return ink.bad(`Not well: ${all.join(', ')}.`);
  return ink.good(`All well: ${done.length === 1 ? '1 provider' : `${done.length} providers`}.`);
}
