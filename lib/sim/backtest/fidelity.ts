/**
 * How well a model of what scaled a service, left alone beside it, comes to the counts that really were. Two questions, and the worse
 * answer counts: how much of the counts' movement does it tell, and did it change them when they really changed. Either alone can be
 * flattered: a proportional scaler follows any history roughly, because its CPU is nearly flat, and changes can come at the right moments
 * with the wrong size.
 */
import type { Datapoint } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import type { CountChange } from '../scores.ts';
import { type History, MINUTE_MS } from './history.ts';
import type { Replay, ReplayRow } from './replay.ts';

export interface Fidelity {
  /** The least of the parts, 0 to 1. */
  readonly score: number;
  /** 1: every count is right. 0: no better than the median count, all the time. */
  readonly counts: number;
  /** F1 of the changes: those that have a partner in the same direction within `MATCH_MINUTES`. */
  readonly changes: number;
  /** Share of the minutes in which the recorded running count and the samples of the CPU agree; absent where only one of them is known. */
  readonly agreement?: number;
  readonly realChanges: number;
  readonly modelChanges: number;
}

/** Below it nothing is ranked. Of histories that target tracking made the score is 0.85 and more, of shifted ones 0.5 and less. */
export const LEAST_FIDELITY = 0.7;
/** Fewer changes than these say nothing about who made them. */
export const LEAST_CHANGES = 10;
/** CloudWatch evaluates an alarm once a minute, and a count stands in the history by the minute. */
export const MATCH_MINUTES = 4;
/** The model begins without the alarms and cooldowns that were under way. */
const WARM_UP_MS = 3_600_000;
/** Of the mean count: movement smaller than this is no harder to tell than this. */
const LEAST_MOVEMENT = 0.25;

export function fidelityOf(history: History, replay: Replay): Fidelity {
  const from = (replay.rows[0]?.at ?? 0) + WARM_UP_MS;
  const rows = replay.rows.filter(({ at }) => at >= from);
  const [realCounts, modelCounts] = columnsOf(rows, replay.desiredIsKnown);
  const real = changesIn(rows, realCounts);
  const model = changesIn(rows, modelCounts);
  const counts = countsScore(realCounts, modelCounts);
  const changes = changesScore(real, model);
  const agreement = agreementOf(history);
  return {
    score: Math.max(0, Math.min(counts, changes, agreement ?? 1)),
    ...{ counts, changes, realChanges: real.length, modelChanges: model.length },
    ...(agreement === undefined ? {} : { agreement }),
  };
}

/** Why nothing can be said against or for a replay; undefined where it is good enough to rank by. */
export function doubtOf({ score, counts, changes, agreement = 1, realChanges: made }: Fidelity): string | undefined {
  if (made < LEAST_CHANGES)
    return `its count changed ${made} times, too few to tell what changed it (${LEAST_CHANGES} are needed); read more days`;
  if (score >= LEAST_FIDELITY) return undefined;
  if (agreement === score) return 'the recorded running count and the samples of its CPU do not tell of the same tasks';
  return counts < changes
    ? 'the counts that really were are not those that its own scaling policies come to on these signals'
    : 'the counts changed when its own scaling policies would not have changed them';
}

/** Where the desired count is not known, tasks are compared with tasks: both come one start after the decision. */
function columnsOf(rows: readonly ReplayRow[], desiredIsKnown: boolean): readonly [Column, Column] {
  if (desiredIsKnown) return [rows.map(({ desired }) => desired), rows.map(({ ourDesired }) => ourDesired)];
  return [rows.map(({ tasks }) => tasks), rows.map(({ ourTasks }) => ourTasks)];
}

type Column = readonly number[];

function countsScore(real: Column, ours: Column): number {
  const median = [...real].sort((a, b) => a - b)[real.length >> 1] ?? 0;
  let wrong = 0;
  let moved = 0;
  let sum = 0;
  for (const [index, count] of real.entries()) {
    wrong += Math.abs((ours[index] ?? 0) - count);
    moved += Math.abs(count - median);
    sum += count;
  }
  const against = Math.max(moved, LEAST_MOVEMENT * sum);
  return against === 0 ? 0 : 1 - wrong / against;
}

/** Tasks of one increase start over some minutes: what follows in the same direction at once belongs to it. */
function changesIn(rows: readonly ReplayRow[], counts: Column): readonly CountChange[] {
  const found: CountChange[] = [];
  for (const [index, { at }] of rows.entries()) {
    const [from, to] = [counts[index - 1], counts[index]];
    if (from === undefined || to === undefined || from === to) continue;
    const last = found.at(-1);
    const goesOn = last !== undefined && at - last.at <= 2 * MINUTE_MS && isOut(last) === to > from;
    if (goesOn) found[found.length - 1] = { ...last, to };
    else found.push({ at, from, to });
  }
  return found;
}

function changesScore(real: readonly CountChange[], model: readonly CountChange[]): number {
  const all = real.length + model.length;
  const used = new Set<number>();
  let pairs = 0;
  for (const change of real) {
    const partner = model.findIndex(
      (other, index) => !used.has(index) && isOut(other) === isOut(change) && isNear(other.at, change.at),
    );
    if (partner < 0) continue;
    used.add(partner);
    pairs += 1;
  }
  return all === 0 ? 0 : (2 * pairs) / all;
}

function isOut({ from, to }: CountChange): boolean {
  return to > from;
}

function isNear(a: EpochMs, b: EpochMs): boolean {
  return Math.abs(a - b) <= MATCH_MINUTES * MINUTE_MS;
}

/** Within one task or a tenth: tasks come and go within a minute. */
function agreementOf({ tasks, samples }: History): number | undefined {
  if (samples === undefined || samples.length === 0) return undefined;
  const counted = new Map(samples.map(([at, count]: Datapoint) => [at, count]));
  let both = 0;
  let agreeing = 0;
  for (const [at, ran] of tasks) {
    const count = counted.get(at);
    if (count === undefined) continue;
    both += 1;
    if (Math.abs(count - ran) <= Math.max(1, 0.1 * ran)) agreeing += 1;
  }
  return both === 0 ? undefined : agreeing / both;
}
