// A dialect from outside, kept from failing anonymously: what it throws that is no Fault becomes one that names it.

import type { Decoder } from '../core/decoder.ts';
import { Fault } from '../core/fault.ts';
import type { ChatEvent } from './chat.ts';
import type { Dialect } from './dialect.ts';

export function guarded(dialect: Dialect): Dialect {
  const { name } = dialect;
  const within = <T>(member: string, work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof Fault) throw thrown;
      throw failure(name, member, thrown);
    }
  };
  const described = dialect.decodeModel?.bind(dialect);
  return {
    // What a dialect says of itself, and members this file does not know of.
    ...dialect,
    encode: (...args) => within('encode', () => dialect.encode(...args)),
    decoder(sent): Decoder<Uint8Array, ChatEvent> {
      const decoder = within('decoder', () => dialect.decoder(sent));
      return {
        push: (chunk) => within('decoder.push', () => decoder.push(chunk)),
        end: () => within('decoder.end', () => decoder.end()),
      };
    },
    decode: (...args) => within('decode', () => dialect.decode(...args)),
    decodeEmbeddings: (body) => within('decodeEmbeddings', () => dialect.decodeEmbeddings(body)),
    decodeModels: (...args) => within('decodeModels', () => dialect.decodeModels(...args)),
    ...(described === undefined
      ? {}
      : { decodeModel: (...args: Parameters<typeof described>) => within('decodeModel', () => described(...args)) }),
    fault: (...args) => within('fault', () => dialect.fault(...args)),
    mend: (...args) => within('mend', () => dialect.mend(...args)),
  };
}

/** Never retried: it would fail in the same way. */
function failure(name: string, member: string, thrown: unknown): Fault {
  const why = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new Fault('UPSTREAM', `The plug-in "${name}" failed in ${member} (${why.slice(0, 300)}).`, {
    data: { retry: 'never', next: 'This is a defect of the plug-in; report it to whoever wrote it.' },
    cause: thrown,
  });
}
