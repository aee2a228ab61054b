/**
 * What the numbers of a policy mean, found by playing it (`rehearsal.ts`): how soon it first scales out and in, and how long it takes from
 * one bound to the other. The load comes and goes at the start of a period; one that comes just after it is seen a period later.
 */

import { compiled } from '../compiled.ts';
import { durationWords } from '../duration.ts';
import { explain } from '../explain.ts';
import type { ServiceFacts, Subject } from '../lint/warning.ts';
import type { ServicePolicy } from '../policy.ts';
import { nameText } from '../service-name.ts';
import { ASSUMED_START_SECONDS } from '../start-time.ts';
import { type Loads, loadsOf } from './loads.ts';
import { type Levels, type Rehearsed, rehearse } from './rehearsal.ts';

/** `null` seconds: it never happens, and `cause` says why. */
export type Delay = { readonly seconds: number } | { readonly seconds: null; readonly cause: string };

/** From one bound to the other under a load that stays. */
export interface Travel {
  readonly from: number;
  /** Where it ended: the other bound, or short of it. */
  readonly to: number;
  /** Until then, or until it was stopped; null where nothing moved. */
  readonly seconds: number | null;
  readonly ended: Rehearsed['ended'];
}

export interface Meaning {
  readonly bounds: { readonly min: number; readonly max: number };
  /** From the load to the first decision that adds. */
  readonly firstOut: Delay;
  /** From the end of the load to the first decision that takes away. */
  readonly firstIn: Delay;
  /** Each rule and target by itself. */
  readonly firstOutBy: readonly { readonly name: string; readonly seconds: number | null }[];
  readonly up: Travel;
  readonly down: Travel;
  /** Seconds that a task was taken to need to start. */
  readonly startSeconds: number;
}

export function meaning(given: ServicePolicy, facts: ServiceFacts = {}): Meaning {
  const policy: ServicePolicy = { ...given, schedule: [], freeze: [] };
  const stage: Stage = {
    policy,
    startSeconds: facts.startSeconds ?? ASSUMED_START_SECONDS,
    loads: loadsOf(subjectOf(policy, facts)),
  };
  const { min, max } = policy.capacity;
  const firstOutBy = stage.loads.busy.map(({ name, levels }) => ({ name, seconds: firstOutUnder(stage, levels) }));
  const up = rise(stage);
  const down = fall(stage);
  const soonest = Math.min(...firstOutBy.map(({ seconds }) => seconds ?? Number.POSITIVE_INFINITY));
  return {
    bounds: { min, max },
    firstOut: Number.isFinite(soonest) ? { seconds: soonest } : { seconds: null, cause: causeOf(up, 'scaleOut') },
    firstIn: delayOf(down, 'scaleIn'),
    firstOutBy,
    up: travelOf(up, min),
    down: travelOf(down, max),
    startSeconds: stage.startSeconds.p50,
  };
}

interface Stage {
  readonly policy: ServicePolicy;
  readonly startSeconds: { readonly p50: number; readonly p95: number };
  readonly loads: Loads;
}

function subjectOf(policy: ServicePolicy, facts: ServiceFacts): Subject {
  return { name: nameText(policy), policy, conditions: compiled(policy), facts, now: undefined };
}

function firstOutUnder(stage: Stage, after: Levels): number | null {
  const { min } = stage.policy.capacity;
  const { steps } = rehearse({ ...stage, count: min, before: stage.loads.calm, after, until: (count) => count > min });
  return steps[0]?.afterSeconds ?? null;
}

function rise(stage: Stage): Rehearsed | undefined {
  const { busiest, calm } = stage.loads;
  const { min, max } = stage.policy.capacity;
  if (busiest === undefined || min === max) return undefined;
  return rehearse({ ...stage, count: min, before: calm, after: busiest, until: (count) => count >= max });
}

function fall(stage: Stage): Rehearsed | undefined {
  const { busiest, calm } = stage.loads;
  const { policy } = stage;
  const { min, max } = policy.capacity;
  if (policy.scaleIn.length + policy.targets.length === 0 || min === max) return undefined;
  return rehearse({ ...stage, count: max, before: busiest ?? {}, after: calm, until: (count) => count <= min });
}

function delayOf(played: Rehearsed | undefined, list: 'scaleOut' | 'scaleIn'): Delay {
  const first = played?.steps[0];
  return first === undefined ? { seconds: null, cause: causeOf(played, list) } : { seconds: first.afterSeconds };
}

function causeOf(played: Rehearsed | undefined, list: 'scaleOut' | 'scaleIn'): string {
  return played === undefined ? `no rule in ${list} and no target` : explain(played.last);
}

function travelOf(played: Rehearsed | undefined, from: number): Travel {
  if (played === undefined) return { from, to: from, seconds: null, ended: 'still' };
  const { steps, ended, afterSeconds } = played;
  const last = steps.at(-1);
  const seconds = ended === 'tooLong' ? afterSeconds : (last?.afterSeconds ?? null);
  return { from, to: last?.to ?? from, seconds, ended };
}

/** `first out 2 min after the load, first in after 11 min, 60 → 2 in 4 h 50 min, 2 → 60 in 32 min`. */
export function meaningSentence({ bounds, firstOut, firstIn, up, down }: Meaning): string {
  if (bounds.min === bounds.max) return `always ${bounds.min}`;
  const out =
    firstOut.seconds === null
      ? `never scales out (${firstOut.cause})`
      : `first out ${durationWords(firstOut.seconds)} after the load`;
  const back =
    firstIn.seconds === null
      ? `never scales in (${firstIn.cause})`
      : `first in after ${durationWords(firstIn.seconds)}`;
  return [out, back, travelWords(down, bounds.min), travelWords(up, bounds.max)].filter((one) => one !== '').join(', ');
}

function travelWords({ from, to, seconds, ended }: Travel, bound: number): string {
  if (seconds === null) return '';
  if (ended === 'tooLong') return `${from} → ${bound} takes more than ${longWords(seconds)} (${to} by then)`;
  const took = seconds === 0 ? 'at once' : `in ${longWords(seconds)}`;
  return to === bound ? `${from} → ${to} ${took}` : `${from} → ${to} ${took} and no further`;
}

const DAY_SECONDS = 86_400;

function longWords(seconds: number): string {
  return seconds < 2 * DAY_SECONDS ? durationWords(seconds) : `${Math.floor(seconds / DAY_SECONDS)} days`;
}
