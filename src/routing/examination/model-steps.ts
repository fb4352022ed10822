// Which models there are, and whether those that calls will ask for are among them.

import { nearest } from '../../core/nearest.ts';
import type { ModelInfo } from '../../providers/chat.ts';
import { inItsNames } from '../targets/setting-names.ts';
import { adviceFor } from './advice.ts';
import { overTls, speaksTls } from './connection.ts';
import type { Finding } from './course.ts';
import type { Listed } from './list-request.ts';
import { betterBase } from './other-bases.ts';
import { aboutOf } from './request.ts';
import type { Exam } from './subject.ts';
import { DEFAULT } from './wanted.ts';

const SHOWN_MODELS = 5;

export interface ListVerdict extends Finding {
  /** The API works and has no list. */
  readonly isUnlisted?: boolean;
}

export async function modelsFinding(exam: Exam, url: string, { models, fault, status }: Listed): Promise<ListVerdict> {
  const { settings } = exam.subject.parts;
  const { models: configured } = settings;
  if (fault === undefined)
    return models.length === 0 && configured === undefined ? noModels(exam) : listedModels(models);
  const isUnlisted = status === 404 || status === 405 || status === 501;
  if (isUnlisted && configured !== undefined) {
    return {
      state: 'ok',
      said: `${configured.length} are configured: ${someOf(configured)}. The API lists none (HTTP ${status})`,
    };
  }
  // As servers answer that expected TLS.
  if (status === 400 && (await speaksTls(exam, url))) return overTls(exam, fault.message);
  const better = await betterBase(exam);
  const isNowhere = isUnlisted && better === undefined;
  const next = isNowhere
    ? 'Check the path in API_BASE_URL; whether the API works without a list, --complete tells.'
    : better && `Set API_BASE_URL to ${better}, where there is a list.`;
  return {
    state: 'failed',
    said: fault.message,
    next: next === undefined ? adviceFor(fault, aboutOf(exam, url)) : inItsNames(next, settings.names),
    isUnlisted: isNowhere,
  };
}

function listedModels(models: readonly ModelInfo[]): Finding {
  const ids = models.map(({ id }) => id);
  return {
    state: 'ok',
    said: `${ids.length}: ${someOf(ids)}`,
    facts: { count: ids.length, first: ids.slice(0, SHOWN_MODELS) },
  };
}

function someOf(ids: readonly string[]): string {
  return ids.slice(0, SHOWN_MODELS).join(', ') + (ids.length > SHOWN_MODELS ? ', …' : '');
}

const PULL: Readonly<Record<string, string>> = {
  ollama: 'Pull one: ollama pull llama3.2',
  lmstudio: 'Download and load one in LM Studio.',
};

function noModels({ subject }: Exam): Finding {
  const { type, names } = subject.parts.settings;
  const next = PULL[type] ?? inItsNames('Ask whoever gave you API_KEY which models it may use.', names);
  return { state: 'failed', said: 'the list is empty', next };
}

/** Whether calls ask for models that are there. */
export function defaultFinding({ subject }: Exam, models: readonly ModelInfo[]): Finding {
  const { wanted, parts } = subject;
  const ids = [...new Set([...(parts.settings.models ?? []), ...models.map(({ id }) => id)])];
  const [only, ...more] = ids;
  if (wanted.length === 0) {
    return only !== undefined && more.length === 0
      ? { state: 'ok', said: `${only}, the only one` }
      : { state: 'skipped', said: 'none is set, so calls have to name a model' };
  }
  const missing = wanted.filter(({ model }) => !ids.some((id) => isSame(model, id)));
  const [first] = missing;
  if (first === undefined) {
    return { state: 'ok', said: wanted.map(({ model, as }) => `${model} (${as})`).join(', ') };
  }
  const near = nearest(first.model, ids) ?? only;
  return {
    state: 'failed',
    said: `not in the list: ${missing.map(({ model, as }) => `${model} (${as})`).join(', ')}`,
    next:
      `${first.as === DEFAULT ? 'Set DEFAULT_MODEL to' : `Change ${first.as} to`} one that is` +
      `${near === undefined ? '' : `, such as ${near}`}; whether it is there all the same, --complete tells.`,
  };
}

/** `llama3.2` is `llama3.2:latest`, `models/x` is `x`, and a name may stand for the same one with a date. */
function isSame(model: string, id: string): boolean {
  if (id === model || id === `${model}:latest` || id.endsWith(`/${model}`)) return true;
  return id.startsWith(`${model}-`) && /^-?\d[\d-]*$/.test(id.slice(model.length));
}
