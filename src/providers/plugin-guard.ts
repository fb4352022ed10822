// A dialect from outside, kept from failing anonymously: what it throws that is no Fault, and what it returns that is not
// what a dialect returns, becomes a Fault that names it.

import type { Decoder } from '../core/decoder.ts';
import { Fault } from '../core/fault.ts';
import type { ChatEvent } from './chat.ts';
import type { Secrets } from '../core/secrets.ts';
import { isSecretName } from '../core/secrets/names.ts';
import type { Dialect, Sending } from './dialect.ts';
import {
  areEmbeddings,
  areEvents,
  areMends,
  isDecoder,
  isModel,
  isModelPage,
  sendingProblem,
} from './plugin-values.ts';

/** Runs `work` on behalf of a member, and hands its value on when it is fit. */
type Within = <T>(member: string, isFit: (value: unknown) => boolean, work: () => T) => T;

/** A plug-in that signs each request has a new secret for each; those of the past are worth nothing. */
const MOST_HEADERS = 100;

/** `secrets` are told of the credentials that the plug-in adds of its own. */
export function guarded(dialect: Dialect, secrets: Pick<Secrets, 'add'>): Dialect {
  const own = new Set<string>();
  const within = withinThe(dialect.name);
  const described = dialect.decodeModel?.bind(dialect);
  return {
    // What a dialect says of itself, and members this file does not know of.
    ...dialect,
    encode(...args): Sending {
      const sending = within('encode', isSending, () => dialect.encode(...args));
      for (const value of credentials(sending)) {
        if (own.size === MOST_HEADERS || own.has(value)) continue;
        own.add(value);
        secrets.add(value);
      }
      return sending;
    },
    decoder(sent): Decoder<Uint8Array, ChatEvent> {
      const decoder = within('decoder', isDecoder, () => dialect.decoder(sent));
      return {
        push: (chunk) => within('decoder.push', areEvents, () => decoder.push(chunk)),
        end: () => within('decoder.end', areEvents, () => decoder.end()),
      };
    },
    decode: (...args) => within('decode', areEvents, () => dialect.decode(...args)),
    decodeEmbeddings: (body) => within('decodeEmbeddings', areEmbeddings, () => dialect.decodeEmbeddings(body)),
    decodeModels: (...args) => within('decodeModels', isModelPage, () => dialect.decodeModels(...args)),
    ...(described === undefined
      ? {}
      : { decodeModel: (body, model) => within('decodeModel', isModel, () => described(body, model)) }),
    fault: (...args) => within('fault', isFault, () => dialect.fault(...args)),
    mend: (...args) => within('mend', areMends, () => dialect.mend(...args)),
  };
}

function credentials({ headers }: Sending): string[] {
  const named = Object.entries(headers).filter(([name]) => isSecretName(name));
  return named.map(([, value]) => value.replace(/^(?:basic|bearer|token|apikey)\s+/i, ''));
}

function withinThe(name: string): Within {
  return (member, isFit, work) => {
    const value = attempted(name, member, work);
    if (isFit(value)) return value;
    throw failure(name, member, new TypeError('what it returned is not what a dialect returns'));
  };
}

function attempted<T>(name: string, member: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw failure(name, member, thrown);
  }
}

function isSending(value: unknown): boolean {
  return sendingProblem(value) === undefined;
}

function isFault(value: unknown): boolean {
  return value instanceof Fault;
}

/** Never retried: it would fail in the same way. */
function failure(name: string, member: string, thrown: unknown): Fault {
  const why = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new Fault(
    'UPSTREAM',
    `The plug-in "${name}" failed in ${member} (${why.length > 300 ? `${why.slice(0, 300)}…` : why}).`,
    {
      data: { retry: 'never', next: 'This is a defect of the plug-in; report it to whoever wrote it.' },
      cause: thrown,
    },
  );
}
