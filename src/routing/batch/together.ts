// Several embed calls as one request, and its answer as several: one upstream call that ends when nobody waits for it,
// and everybody's vectors and share of the usage in the order they were asked.

import { CancelSource } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { EmbedModel, Embeddings, ModelContext, Usage } from '../../providers/chat.ts';
import { copyServed } from '../targets/served.ts';
import type { Member } from './member.ts';
import { shares } from './shares.ts';

/** Asks for all of them; those that still wait have their part when it settles. Rejects with the upstream's fault. */
export async function askTogether(embed: EmbedModel, members: readonly Member[], first: Member): Promise<void> {
  const ctx = commonContext(members, first.ctx);
  const input = members.flatMap(({ request }) => request.input);
  try {
    const embeddings = await embed({ ...first.request, input }, ctx);
    // What cannot be told apart is as good as refused.
    if (embeddings.vectors.length !== input.length) throw miscounted(embeddings.vectors.length, input.length);
    const parts = split(embeddings, members);
    for (const [i, member] of members.entries()) {
      if (member.isWaiting) copyServed(ctx.served, member.ctx.served);
      const part = parts[i];
      if (part !== undefined) member.succeed(part);
    }
  } catch (thrown) {
    for (const { isWaiting, ctx: own } of members) if (isWaiting) copyServed(ctx.served, own.served);
    throw thrown;
  }
}

function commonContext(members: readonly Member[], { log, requestId, client, served }: ModelContext): ModelContext {
  const cancel = new CancelSource();
  for (const member of members) {
    member.onGone = (reason) => {
      if (!members.some(({ isWaiting }) => isWaiting)) cancel.cancel(reason);
    };
  }
  return {
    cancel,
    deadline: Math.max(...members.map(({ ctx }) => ctx.deadline)),
    log,
    requestId,
    ...present({ client, via: members.find(({ ctx }) => ctx.via !== undefined)?.ctx.via }),
    served: { provider: '', model: served.model, attempts: [], changed: [] },
    phase: (phase, attempt) => {
      for (const { isWaiting, ctx } of members) if (isWaiting) ctx.phase(phase, attempt);
    },
  };
}

function split({ model, vectors, usage }: Embeddings, members: readonly Member[]): Embeddings[] {
  const usages = sharedUsage(
    usage,
    members.map(({ chars }) => chars),
  );
  let from = 0;
  return members.map(({ request }, i) => {
    const own = vectors.slice(from, from + request.input.length);
    from += request.input.length;
    return { model, vectors: own, usage: usages[i] ?? {} };
  });
}

/** Token counts in whole numbers, the cost to the fraction. */
function sharedUsage(usage: Usage, weights: readonly number[]): Usage[] {
  const parts: Record<string, number>[] = weights.map(() => ({}));
  for (const [name, total] of Object.entries(usage)) {
    const isCount = name !== 'costUsd';
    for (const [i, part] of shares(Number(total), weights, isCount).entries())
      Object.assign(parts[i] ?? {}, { [name]: part });
  }
  return parts;
}

function miscounted(got: number, asked: number): Fault {
  return new Fault('INVALID_INPUT', `The upstream answered ${got} vectors for ${asked} texts sent together.`);
}
