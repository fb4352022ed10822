// What the requests of an examination have in common: endpoint, clocks, the address as it may be shown, and what
// advice has to know of the provider.

import type { CallContext } from '../../core/context.ts';
import { present } from '../../core/json.ts';
import { silentLog } from '../../core/log.ts';
import type { ModelContext } from '../../providers/chat.ts';
import type { Ask, Sending } from '../../providers/dialect.ts';
import { LessonBook } from '../targets/lessons.ts';
import type { ProviderSettings } from '../targets/settings.ts';
import type { About } from './advice.ts';
import type { Exam } from './subject.ts';

export const NOTHING_LEARNT: ReturnType<LessonBook['of']> = new LessonBook().of('', 0);

/** The request that a call would send. Throws what the dialect refuses. */
export function sendingOf(
  ask: Ask,
  { subject }: Exam,
  { apiKey, baseUrl }: { apiKey: string; baseUrl: string },
): Sending {
  const { settings, dialect } = subject.parts;
  const { id, type, headers, query, apiVersion } = settings;
  const endpoint = { provider: id, type, baseUrl, apiKey, headers, query, ...present({ apiVersion }) };
  return dialect.encode(ask, endpoint, NOTHING_LEARNT);
}

export function contextOf({ tools, options }: Exam, limitMs: number): CallContext & ModelContext {
  return {
    cancel: options.cancel,
    deadline: tools.clock.now() + limitMs,
    log: silentLog,
    requestId: tools.random.id(),
    served: { provider: '', model: '', attempts: [], changed: [] },
    phase: () => {},
  };
}

/** Without user name, password and the values of the query, each of which may be a secret. */
export function shownUrl(written: string): string {
  if (!URL.canParse(written)) return '';
  const { origin, pathname, search } = new URL(written);
  return origin + pathname + (search === '' ? '' : '?…');
}

export function aboutOf({ subject, tools, options }: Exam, url: string): About {
  const { settings } = subject.parts;
  return {
    names: settings.names,
    url,
    isContainer: options.isContainer,
    hasKey: hasKey(settings),
    wallMs: tools.clock.wall(),
  };
}

function hasKey({ apiKeys, headers }: ProviderSettings): boolean {
  return (
    apiKeys().length > 0 || Object.keys(headers).some((name) => /^(?:authorization|api-key|x-api-key)$/i.test(name))
  );
}
