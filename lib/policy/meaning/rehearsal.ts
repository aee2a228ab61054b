/**
 * A policy played against an ideal service in virtual time: `decide` at every turn, tasks that always take the same time to start, signals
 * that stand at one set of values until a moment and at another one after it, known as late as their sources publish.
 */
import { acknowledge, decide } from '../decide.ts';
import type { Decided } from '../decision.ts';
import { isLoad } from '../implausible.ts';
import type { Datapoint, Reading } from '../observation.ts';
import type { EpochMs, ServicePolicy, SignalSpec } from '../policy.ts';
import { periodsNeeded } from '../requirements.ts';
import { hasNoHistory, recollect } from '../signal-rings.ts';
import type { StartSeconds } from '../start-time.ts';
import { EMPTY_STATE, type ServiceState } from '../state.ts';

/** Signal to value; a signal without one has no datapoints. */
export type Levels = Readonly<Record<string, number>>;

export interface Rehearsal {
  /** Without schedules and freezes: what the numbers mean must not depend on the day. */
  readonly policy: ServicePolicy;
  readonly startSeconds: StartSeconds;
  /** Desired and in service when it begins. */
  readonly count: number;
  readonly before: Levels;
  /** From second 0 on. */
  readonly after: Levels;
  /** It ends when this count is reached. */
  readonly until: (count: number) => boolean;
}

export interface Step {
  readonly afterSeconds: number;
  readonly from: number;
  readonly to: number;
  /** The rule or target that asked, where one did. */
  readonly by?: string;
}

export interface Rehearsed {
  readonly steps: readonly Step[];
  /** `still`: nothing moves any more. `tooLong`: it was stopped. */
  readonly ended: 'reached' | 'still' | 'tooLong';
  /** When that was. */
  readonly afterSeconds: number;
  readonly count: number;
  /** What the last turn decided, and why. */
  readonly last: Decided;
}

/** A week of minutes. */
const MOST_TURNS = 10_080;

/** A midnight: the start of a period, whatever its length. */
const ZERO = Date.UTC(2026, 0, 5);

export function rehearse(rehearsal: Rehearsal): Rehearsed {
  const { policy, until } = rehearsal;
  const cadenceMs = policy.cadenceSeconds * 1000;
  const patienceMs = patienceSeconds(rehearsal) * 1000;
  const service = new IdealService(rehearsal);
  let state: ServiceState = EMPTY_STATE;
  const steps: Step[] = [];
  let movedAt = ZERO;
  for (let now = ZERO - warmUpTurns(policy) * cadenceMs, turns = 0; ; now += cadenceMs, turns++) {
    const { observation, rings } = recollect(policy, service.observe(now), state.rings, now);
    const decided = decide(policy, { ...state, rings }, observation, now);
    state = acknowledge(policy, decided, now);
    const { from, to, action } = decided.decision;
    if (action !== 'hold') {
      service.setDesired(to, now);
      if (now >= ZERO)
        steps.push({
          afterSeconds: (now - ZERO) / 1000,
          from,
          to,
          ...(decided.by === undefined ? {} : { by: decided.by }),
        });
      movedAt = Math.max(now, ZERO);
    }
    const end = (ended: Rehearsed['ended']) => ({
      steps,
      ended,
      afterSeconds: (now - ZERO) / 1000,
      count: to,
      last: decided,
    });
    if (now >= ZERO && until(to)) return end('reached');
    if (now - movedAt >= patienceMs) return end('still');
    if (turns >= MOST_TURNS) return end('tooLong');
  }
}

/** Until the memory of the policy is as full as that of a service that has long been steady. */
function warmUpTurns({ pace, cadenceSeconds }: ServicePolicy): number {
  const seconds = Math.max(pace.out.stabilizationSeconds, pace.in.stabilizationSeconds);
  return Math.min(MOST_TURNS / 2, Math.ceil(seconds / cadenceSeconds) + 4);
}

/** After so long without a change there will be none: twice everything that a policy may wait for, and half an hour. */
function patienceSeconds({ policy, startSeconds }: Rehearsal): number {
  const { signals, scaleOut, scaleIn, pace, guard } = policy;
  const cooldowns = [pace.out.cooldown, pace.in.cooldown].map((one) => (one.kind === 'seconds' ? one.seconds : 0));
  const period = Math.max(60, ...Object.values(signals).map((spec) => spec.periodSeconds));
  const delay = Math.max(0, ...Object.values(signals).map((spec) => spec.publicationDelaySeconds));
  const rules = [...scaleOut, ...scaleIn];
  const windows = Math.max(0, ...rules.map(({ trueFor }) => trueFor.n * period));
  const waits = Math.max(0, ...rules.map(({ thenWaitSeconds }) => thenWaitSeconds));
  const damping =
    pace.out.stabilizationSeconds +
    pace.in.stabilizationSeconds +
    pace.out.upTo.periodSeconds +
    pace.in.upTo.periodSeconds;
  const all = Math.max(...cooldowns) + period + delay + windows + waits + damping + guard.unknownAbstainsAfterSeconds;
  return 2 * (all + startSeconds.p95) + 1_800;
}

/** Tasks start after the usual time and stop at once. */
class IdealService {
  readonly #rehearsal: Rehearsal;
  readonly #periods: Readonly<Record<string, number>>;
  #desired: number;
  /** With the moment from which on they are in service; the oldest first. */
  #tasks: { readonly count: number; readonly readyAt: EpochMs }[];
  /** How many were in service since when; the oldest first. */
  readonly #running: { readonly at: EpochMs; readonly count: number }[] = [];

  constructor(rehearsal: Rehearsal) {
    this.#rehearsal = rehearsal;
    this.#periods = periodsNeeded(rehearsal.policy);
    this.#desired = rehearsal.count;
    this.#tasks = [{ count: rehearsal.count, readyAt: Number.NEGATIVE_INFINITY }];
  }

  setDesired(to: number, now: EpochMs): void {
    const more = to - this.#desired;
    if (more > 0) this.#tasks.push({ count: more, readyAt: now + this.#rehearsal.startSeconds.p50 * 1000 });
    else this.#stop(-more);
    this.#desired = to;
  }

  /** The newest go first: what has not started yet need not. */
  #stop(count: number): void {
    let left = count;
    while (left > 0) {
      const newest = this.#tasks.pop();
      if (newest === undefined) return;
      if (newest.count > left) this.#tasks.push({ ...newest, count: newest.count - left });
      left -= Math.min(left, newest.count);
    }
  }

  observe(now: EpochMs) {
    const running = this.#tasks.reduce((sum, { count, readyAt }) => sum + (readyAt <= now ? count : 0), 0);
    if (this.#running.at(-1)?.count !== running) this.#running.push({ at: now, count: running });
    const signals: Record<string, Reading> = {};
    for (const [name, spec] of Object.entries(this.#rehearsal.policy.signals))
      signals[name] = { status: 'complete', periodSeconds: spec.periodSeconds, values: this.#values(name, spec, now) };
    const { startSeconds } = this.#rehearsal;
    return {
      service: { desired: this.#desired, running, inService: running, pending: this.#desired - running, startSeconds },
      signals,
    };
  }

  /** What is settled at `now`, as far back as the policy looks; of a source without a history only what it says now. */
  #values(name: string, spec: SignalSpec, now: EpochMs): readonly Datapoint[] {
    const { before, after } = this.#rehearsal;
    const periodMs = spec.periodSeconds * 1000;
    const newest = Math.floor((now - spec.publicationDelaySeconds * 1000) / periodMs) - 1;
    const values: Datapoint[] = [];
    const periods = hasNoHistory(spec) ? 1 : (this.#periods[name] ?? 1);
    for (let cell = newest - periods + 1; cell <= newest; cell++) {
      const value = (cell * periodMs >= ZERO ? after : before)[name];
      if (value !== undefined)
        values.push([cell * periodMs, heard(value, spec), this.#runningAt((cell + 1) * periodMs)]);
    }
    return values;
  }

  #runningAt(at: EpochMs): number {
    return (this.#running.findLast((one) => one.at < at) ?? this.#running[0])?.count ?? 0;
  }
}

/** The quietest load of a service that serves: quite zero would be taken for a broken metric. */
const FAINT = 0.01;

function heard(value: number, { source }: SignalSpec): number {
  return value === 0 && isLoad(source) ? FAINT : value;
}
