// The targets a name leads to, worked out once and used until what is known changes; and the order in which one call
// tries them: what cannot serve it is left out, then priority by priority, as the policy says. Sends nothing.

import { priceOf } from '../../core/price.ts';
import type { Price } from '../../core/price.ts';
import type { Meaning, Place } from './addressing.ts';
import type { Choice } from '../loop/leg.ts';
import { abilitiesOf, isLimited, lacking } from '../targets/needs.ts';
import type { Abilities, Need } from '../targets/needs.ts';
import type { PolicyTurn, RouterPolicy } from '../policies/policy.ts';
import { Target } from '../targets/target.ts';

/** A target as it stands in a line-up. */
export interface Candidate extends Choice {
  /** As policies know it; the same for the same target after a reload. */
  readonly name: string;
  readonly priority: number;
  readonly weight: number;
  readonly price: number | undefined;
  readonly abilities: Abilities;
}

export interface Lineup {
  readonly meaning: Meaning;
  /** By priority, the preferred one first. */
  readonly groups: readonly (readonly Candidate[])[];
  readonly candidates: readonly Candidate[];
  /** Somebody said what one of them cannot do, so the request has to be looked at. */
  readonly isSelective: boolean;
}

/** One candidate left out of a call, and why. */
export interface Unfit {
  readonly candidate: Candidate;
  readonly why: string;
}

export interface Order {
  readonly choices: readonly Candidate[];
  readonly unfit: readonly Unfit[];
}

export interface Ordering {
  readonly policy: RouterPolicy;
  readonly now: number;
  /** The decision for one group of a line-up. */
  turnOf(group: number): PolicyTurn;
}

export function lineupOf(meaning: Meaning, prices: Readonly<Record<string, Price>>): Lineup {
  const candidates = unique(meaning.places.map((place) => candidateAt(place, prices)));
  const priorities = [...new Set(candidates.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  return {
    meaning,
    candidates,
    groups: priorities.map((priority) => candidates.filter((candidate) => candidate.priority === priority)),
    isSelective: candidates.some(({ abilities }) => isLimited(abilities)),
  };
}

/** The order of one call. `need`: what it asks for, where somebody has to look at that. */
export function orderOf(
  { candidates, groups, isSelective }: Lineup,
  need: Need | undefined,
  ordering: Ordering,
): Order {
  if (!isSelective || need === undefined) return { choices: inOrder(groups, ordering), unfit: [] };
  const unfit = candidates.flatMap((candidate) => {
    const why = lacking(candidate.abilities, need);
    return why === undefined ? [] : [{ candidate, why }];
  });
  // A wrong list is likelier than that nobody can: so they are asked, and the caller is told.
  if (unfit.length === candidates.length) {
    const noteOf = new Map(unfit.map(({ candidate, why }) => [candidate.name, `asked although it ${why}`]));
    return { choices: inOrder(groups, ordering).map((one) => noted(one, noteOf.get(one.name) ?? '')), unfit: [] };
  }
  const out = new Set(unfit.map(({ candidate }) => candidate));
  return {
    choices: inOrder(
      groups.map((group) => group.filter((one) => !out.has(one))),
      ordering,
    ),
    unfit,
  };
}

function noted(candidate: Candidate, note: string): Candidate {
  return { ...candidate, note };
}

function inOrder(groups: Lineup['groups'], ordering: Ordering): readonly Candidate[] {
  const { policy, now } = ordering;
  return groups.flatMap((group, at) => {
    if (group.length <= 1) return group;
    const views = group.map((candidate) => ({
      ...candidate,
      inFlight: candidate.target.health.inFlight,
      latencyMs: candidate.target.health.latencyMs(now),
    }));
    return policy(views, ordering.turnOf(at));
  });
}

function candidateAt({ desk, model, priority, weight }: Place, prices: Readonly<Record<string, Price>>): Candidate {
  const price = priceOf(prices, desk.settings.id, model);
  return {
    target: new Target(desk, model),
    name: `${desk.settings.id}/${model}`,
    priority,
    weight,
    price: price === undefined ? undefined : mixed(price),
    abilities: abilitiesOf(desk, model),
  };
}

/** Prompts are usually a few times as long as answers. */
function mixed({ inputPerMillion, outputPerMillion }: Price): number {
  return (3 * inputPerMillion + outputPerMillion) / 4;
}

/** Each target once, where it stands first: a call tries none twice for one reason. */
function unique(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ name }) => !seen.has(name) && seen.add(name));
}
