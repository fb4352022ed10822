// Examines one provider, step by step, up to where it is broken: settings, connection, the answer to the question for
// its models, and where that is asked for a completion and a vector. Goes the way of real calls.

import { Fault } from '../../core/fault.ts';
import type { ModelInfo } from '../../providers/chat.ts';
import { checkConfigured } from '../names/default-model.ts';
import { adviceFor, modelsSetting } from './advice.ts';
import { chatFinding, chatModelOf, embedFinding } from './asking-steps.ts';
import { connectionSteps } from './connection.ts';
import { Course } from './course.ts';
import type { Finding, StepName, Timed } from './course.ts';
import { authFinding, httpFinding } from './http-steps.ts';
import { askForList } from './list-request.ts';
import type { Listed } from './list-request.ts';
import { defaultFinding, modelsFinding } from './model-steps.ts';
import { aboutOf, sendingOf, shownUrl } from './request.ts';
import type { Exam, ExamineOptions, Examination, Subject, Tools } from './subject.ts';

const LISTING: readonly StepName[] = ['http', 'auth', 'models', 'default'];
const ASKING: readonly StepName[] = ['chat', 'embed'];
const NOT_REACHED = 'not reached';
const NOT_ASKED = 'only with --complete';

export async function examine(subject: Subject, tools: Tools, options: ExamineOptions): Promise<Examination> {
  const course = new Course(tools, options);
  const exam: Exam = { subject, tools, options, course };
  const { id, type } = subject.parts.settings;
  const { fault, ...address } = await prepared(exam);
  const url = subject.isEmbedded === true ? '' : tools.secrets.scrub(shownUrl(address.url));
  options.onUrl?.(url);
  try {
    if (fault !== undefined) throw fault;
    await go(exam, address);
  } catch (thrown) {
    const { kind, message } = Fault.from(thrown);
    // A defect of ours is not told as one of the settings.
    if (kind === 'internal') throw thrown;
    const next = adviceFor(Fault.from(thrown), aboutOf(exam, address.url));
    course.tell('settings', { state: 'failed', said: message, next });
    course.skip([...LISTING, ...ASKING], NOT_REACHED);
  }
  return { provider: id, type, url, steps: course.steps };
}

async function prepared(exam: Exam): Promise<Address & { readonly fault?: Fault }> {
  const { settings } = exam.subject.parts;
  try {
    await exam.subject.prepareKeys?.();
    checkConfigured(settings);
    return addressOf(exam);
  } catch (thrown) {
    return { url: settings.baseUrl, fault: Fault.from(thrown) };
  }
}

interface Address {
  readonly url: string;
  /** Why there is no list to ask for; absent where there is one. */
  readonly unlisted?: string;
}

/** Where the first question goes; an API without a list has only the one for an answer. */
function addressOf(exam: Exam): Address {
  const { settings } = exam.subject.parts;
  const where = { apiKey: settings.apiKeys()[0] ?? '', baseUrl: settings.baseUrl };
  const request = { model: chatModelOf(exam, []) ?? 'any', messages: [{ role: 'user', content: 'ok' }] } as const;
  const { url } = sendingOf({ op: 'chat', request, stream: true }, exam, where);
  try {
    return { url: sendingOf({ op: 'models' }, exam, where).url };
  } catch (thrown) {
    return { url, unlisted: Fault.from(thrown).message };
  }
}

async function go(exam: Exam, { url, unlisted }: Address): Promise<void> {
  const { course, subject } = exam;
  if (!(await connectionSteps(exam, url))) return course.skip([...LISTING, ...ASKING], NOT_REACHED);
  if (unlisted !== undefined) {
    course.skip(LISTING, unlisted);
    return ask(exam, []);
  }
  const { apiKeys, baseUrl } = subject.parts.settings;
  course.begin('http');
  const listed = await askForList(exam, { apiKey: apiKeys()[0] ?? '', baseUrl });
  const http = await httpFinding(exam, url, listed);
  course.tell('http', http, listed.headMs);
  if (http.state === 'failed') return course.skip([...LISTING.slice(1), ...ASKING], NOT_REACHED);
  const auth = await course.run('auth', () => authFinding(exam, url, listed));
  if (auth.state === 'failed') return course.skip([...LISTING.slice(2), ...ASKING], NOT_REACHED);
  return readList(exam, url, listed);
}

async function readList(exam: Exam, url: string, listed: Listed): Promise<void> {
  const { course, options } = exam;
  course.begin('models');
  const verdict = await modelsFinding(exam, url, listed);
  // Whether the list is all that is missing is not known before a model was asked.
  const chat = verdict.isUnlisted === true && options.complete ? await chatOf(exam, []) : undefined;
  course.tell('models', chat?.finding.state === 'ok' ? worksUnlisted(exam, verdict) : verdict);
  if (listed.fault === undefined) course.tell('default', defaultFinding(exam, listed.models));
  else course.skip(['default'], 'not to be told without a list');
  return ask(exam, listed.models, chat);
}

function worksUnlisted({ subject }: Exam, { said }: Finding): Finding {
  const next = `It works, and has no list of models: name them in ${modelsSetting(subject.parts.settings.names)}.`;
  return { state: 'failed', said, next };
}

async function ask(exam: Exam, models: readonly ModelInfo[], asked?: Timed): Promise<void> {
  const { course, options } = exam;
  if (!options.complete) return course.skip(ASKING, NOT_ASKED);
  const { finding, ms } = asked ?? (await chatOf(exam, models));
  course.tell('chat', finding, ms);
  await course.run('embed', () => embedFinding(exam, models));
}

function chatOf(exam: Exam, models: readonly ModelInfo[]): Promise<Timed> {
  return exam.course.measure('chat', () => chatFinding(exam, chatModelOf(exam, models)));
}
