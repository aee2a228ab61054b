/**
 * One pass over a recorded history: beside the service as it was goes a virtual one that somebody else scales, a turn at a time. What a turn
 * sees is what had been published by then, as the virtual service's own tasks would have made it.
 */
import { type Beside, beside } from '../../counterfactual/counterfactual.ts';
import { idlePercent } from '../../counterfactual/idle.ts';
import { type Tally, tallied } from '../../counterfactual/tally.ts';
import { setDesired, type VirtualService } from '../../counterfactual/virtual-service.ts';
import type { Observation, Reading } from '../../policy/observation.ts';
import type { EpochMs, ServicePolicy } from '../../policy/policy.ts';
import type { CountChange } from '../scores.ts';
import { type Counts, countsOf, type History, MINUTE_MS, SignalCursor } from './history.ts';
import { type JudgedPeriod, judgedPeriods } from './judged.ts';

/** Whoever decides. */
export interface Mind {
  /** Names of the signals it reads and how many settled periods of each. */
  readonly reads: Readonly<Record<string, number>>;
  /** The new desired count of the virtual service; undefined leaves it. `reset`: it was begun anew, and what was remembered is of another. */
  decide(seen: Beside, now: EpochMs, reset: boolean): number | undefined;
}

export interface ReplayRow {
  readonly at: EpochMs;
  /** As it was. */
  readonly desired: number;
  readonly tasks: number;
  /** As it would have been. */
  readonly ourDesired: number;
  readonly ourTasks: number;
}

export interface Replay {
  /** One a minute whose counts are known. */
  readonly rows: readonly ReplayRow[];
  readonly changes: readonly CountChange[];
  /** What was known of the load, oldest first. */
  readonly judged: readonly JudgedPeriod[];
  /** Undefined: there was not one minute to look at. */
  readonly tally: Tally | undefined;
  readonly desiredIsKnown: boolean;
}

/** After such a gap nobody knows what the service did meanwhile, and the virtual one begins again at its counts. */
const FORGOTTEN_AFTER_MS = 3_600_000;

/** @param policy whose signals, bounds and cadence hold; for a model one made for it */
export function replay(history: History, policy: ServicePolicy, mind: Mind): Replay {
  const counts = countsOf(history);
  const pass = new Pass(history, policy, mind, counts);
  const stepMs = policy.cadenceSeconds * 1000;
  for (let now = history.from; now < history.to; now += stepMs) pass.turn(now);
  return pass;
}

class Pass implements Replay {
  readonly rows: ReplayRow[] = [];
  readonly changes: CountChange[] = [];
  readonly judged: JudgedPeriod[] = [];
  readonly desiredIsKnown: boolean;
  tally: Tally | undefined;
  readonly #policy: ServicePolicy;
  readonly #mind: Mind;
  readonly #counts: Counts;
  readonly #cursors: readonly (readonly [string, SignalCursor])[];
  #virtual: VirtualService | undefined;
  #startSeconds: readonly number[] = [];
  #lookedAt: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(history: History, policy: ServicePolicy, mind: Mind, counts: Counts) {
    this.#policy = policy;
    this.#mind = mind;
    this.#counts = counts;
    this.desiredIsKnown = counts.desiredIsKnown;
    this.#cursors = Object.entries(policy.signals).map(([name, spec]) => {
      const recorded = history.signals[name] ?? { periodSeconds: spec.periodSeconds, status: 'failed', values: [] };
      return [name, new SignalCursor(recorded, spec.publicationDelaySeconds, mind.reads[name] ?? 1)] as const;
    });
  }

  turn(now: EpochMs): void {
    const index = Math.floor((now - this.#counts.from) / MINUTE_MS);
    const real = this.#realAt(index, now);
    if (real === undefined) return;
    const reset = now - this.#lookedAt > FORGOTTEN_AFTER_MS;
    const idle = idlePercent(this.tally?.idle);
    const known = { startSeconds: this.#startSeconds, idlePercent: idle };
    const seen = beside(this.#policy, reset ? undefined : this.#virtual, real, now, known);
    this.judged.push(...judgedPeriods(this.#policy, real, seen, this.tally?.judgedTo ?? now, idle));
    this.tally = tallied(this.tally, this.#policy, real, seen, now);
    const wanted = this.#mind.decide(seen, now, reset);
    const before = seen.virtual.desired;
    this.#virtual = wanted === undefined ? seen.virtual : setDesired(seen.virtual, wanted, now);
    if (wanted !== undefined && wanted !== before) this.changes.push({ at: now, from: before, to: wanted });
    this.#startSeconds = this.#virtual.startSeconds;
    this.#lookedAt = now;
    if (now % MINUTE_MS === 0) this.#keep(now, real);
  }

  /** Undefined: nobody knows how many tasks there were. */
  #realAt(index: number, now: EpochMs): Observation | undefined {
    const desired = this.#counts.desired[index] ?? Number.NaN;
    const running = this.#counts.tasks[index] ?? Number.NaN;
    if (Number.isNaN(desired) || Number.isNaN(running)) return undefined;
    const signals: Record<string, Reading> = {};
    for (const [name, cursor] of this.#cursors) signals[name] = cursor.at(now);
    return { service: { desired, running, pending: Math.max(0, desired - running) }, signals };
  }

  #keep(at: EpochMs, { service }: Observation): void {
    const ourDesired = this.#virtual?.desired ?? service.desired;
    const ourTasks = this.#virtual?.running.at(-1)?.[2] ?? service.running;
    this.rows.push({ at, desired: service.desired, tasks: service.running, ourDesired, ourTasks });
  }
}
