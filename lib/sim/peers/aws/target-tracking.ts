/**
 * AWS target tracking on an ECS service: two alarms that AWS makes by itself, and a proportional step.
 * Out: above the target for 3 of 3 periods, to the number of tasks that brings the newest datapoint back to the target. In: below nine
 * tenths of it for 15 minutes, by what the busiest of those minutes allows. While an alarm lasts, every evaluation asks again.
 */
import { BadInput } from '../../../policy/bad-input.ts';
import type { EpochMs } from '../../../policy/policy.ts';
import type { Peer, PeerView } from '../peer.ts';
import { type AlarmRule, type AlarmState, alarmRange, alarmState, evidenceOf } from './alarm.ts';
import {
  baseIn,
  baseOut,
  type CooldownState,
  type Cooldowns,
  DEFAULT_COOLDOWN_SECONDS,
  noCooldown,
  type Standing,
  scaleIn,
  scaleOut,
} from './scalable-target.ts';
import { type AwsSignal, type SignalPoint, SignalTail } from './signal.ts';

export interface TargetTrackingOptions {
  /** Default `cpu`. */
  readonly signal?: AwsSignal;
  /** In the signal's unit. */
  readonly target: number;
  /** 20 works with CPU and memory only, and with a plant that publishes every 20 s. Default 60. */
  readonly periodSeconds?: 60 | 20;
  readonly cooldowns?: Cooldowns;
  /** Default false. */
  readonly scaleInDisabled?: boolean;
  readonly name?: string;
  /** From publication to the evaluation that counts it. Default: what AWS's benchmark leaves, see `EVALUATION`. */
  readonly evaluationDelaySeconds?: number;
}

/**
 * AWS measured 363 s from a threefold step to the scaling activity with 60 s metrics, and 86 s with 20 s ones. Such a step makes the very
 * period it falls into breach, so the third one ends 150 s after it on average, or 50 s; publication takes 50 s, or 14 s. The rest is the
 * alarm's. Standard alarms are evaluated every minute, those with short periods every 10 s.
 */
export const EVALUATION = {
  60: { everySeconds: 60, evaluationDelaySeconds: 120 },
  20: { everySeconds: 10, evaluationDelaySeconds: 12 },
} as const;

const LOW_SHARE = 0.9;
const LOW_MINUTES = 15;

interface TrackingState {
  high: AlarmState;
  low: AlarmState;
  /** Start of the newest period both have seen. */
  evaluatedTo: EpochMs;
  readonly cooldown: CooldownState;
}

/** Tasks that bring the metric to the target. A fraction more is a whole task more, a fraction less is none less. */
export function proportional(tasks: number, metric: number, target: number): number {
  return Math.ceil((tasks * metric) / target - 1e-9);
}

export function createTargetTracking(options: TargetTrackingOptions): Peer {
  const period = options.periodSeconds ?? 60;
  refuseFineLoadBalancer(options);
  const tracking = new TargetTracking(options);
  return {
    name: options.name ?? (period === 20 ? 'aws-target-tracking-20s' : 'aws-target-tracking'),
    everySeconds: EVALUATION[period].everySeconds,
    decide: (seen) => tracking.decide(seen),
  };
}

/** Load balancers and queues report every minute, whatever the alarm asks for. */
function refuseFineLoadBalancer({ signal = 'cpu', periodSeconds }: TargetTrackingOptions): void {
  if (periodSeconds !== 20 || signal === 'cpu' || signal === 'memory') return;
  throw new BadInput(`target tracking: ${signal} has no 20 s metric; use cpu or memory, or a period of 60 s`);
}

/** `floor`: what another policy of the same service asks for at least; a scale-in goes no lower. */
export class TargetTracking {
  private readonly options: TargetTrackingOptions;
  private readonly periodSeconds: 60 | 20;
  private readonly evaluationDelaySeconds: number;
  private readonly cooldowns: Cooldowns;
  private readonly highRule: AlarmRule = { m: 3, n: 3, treatMissing: 'missing' };
  private readonly lowRule: AlarmRule;
  private readonly tail: SignalTail;
  private readonly state: TrackingState = {
    high: 'INSUFFICIENT_DATA',
    low: 'INSUFFICIENT_DATA',
    evaluatedTo: Number.NEGATIVE_INFINITY,
    cooldown: noCooldown(),
  };

  constructor(options: TargetTrackingOptions) {
    this.options = options;
    this.periodSeconds = options.periodSeconds ?? 60;
    this.evaluationDelaySeconds =
      options.evaluationDelaySeconds ?? EVALUATION[this.periodSeconds].evaluationDelaySeconds;
    this.cooldowns = options.cooldowns ?? { outSeconds: DEFAULT_COOLDOWN_SECONDS, inSeconds: DEFAULT_COOLDOWN_SECONDS };
    const lowPeriods = (LOW_MINUTES * 60) / this.periodSeconds;
    this.tail = new SignalTail(options.signal ?? 'cpu', this.periodSeconds);
    this.lowRule = { m: lowPeriods, n: lowPeriods, treatMissing: 'missing' };
  }

  decide(seen: PeerView, floor = 0): number | undefined {
    const points = this.evaluate(seen);
    const newest = points.at(-1);
    // A metric that has fallen silent is no reason to scale, whatever its last datapoint said.
    if (newest?.startedAt !== this.state.evaluatedTo) return undefined;
    const standing = standingOf(seen);
    if (this.state.high === 'ALARM') return this.out(newest.value, standing);
    if (this.state.low !== 'ALARM' || this.options.scaleInDisabled === true || isDeploying(seen)) return undefined;
    const busiest = Math.max(...points.slice(-this.lowRule.n).map((point) => point.value));
    return this.in(busiest, standing, floor);
  }

  /** Brings both alarms up to date; the datapoints they looked at. Nothing changes until the next datapoint is due. */
  private evaluate(seen: PeerView): readonly SignalPoint[] {
    const { periodSeconds, evaluationDelaySeconds, lowRule, highRule, state } = this;
    const { target } = this.options;
    const timing = { periodSeconds, evaluationDelaySeconds };
    const lowRange = alarmRange(seen.now, lowRule.n, timing);
    const points = this.tail.between(seen.metrics, lowRange.from, lowRange.to);
    if (lowRange.to === state.evaluatedTo) return points;
    const highRange = alarmRange(seen.now, highRule.n, timing);
    const high = evidenceOf(points, highRange, periodSeconds, (value) => value > target);
    const low = evidenceOf(points, lowRange, periodSeconds, (value) => value < LOW_SHARE * target);
    state.high = alarmState(high, highRule, state.high);
    state.low = alarmState(low, lowRule, state.low);
    state.evaluatedTo = lowRange.to;
    return points;
  }

  private out(metric: number, standing: Standing): number | undefined {
    const base = baseOut(standing, this.state.cooldown);
    if (base === null) return undefined;
    const wanted = proportional(base, metric, this.options.target);
    return scaleOut(wanted, base, standing, this.cooldowns, this.state.cooldown);
  }

  private in(metric: number, standing: Standing, floor: number): number | undefined {
    const base = baseIn(standing, this.state.cooldown);
    if (base === null) return undefined;
    const wanted = Math.max(floor, proportional(base, metric, this.options.target));
    return scaleIn(wanted, standing, this.cooldowns, this.state.cooldown);
  }
}

export function standingOf({ now, service, capacity }: PeerView): Standing {
  return { now, desired: service.desired, running: service.running, capacity };
}

/** AWS turns scale-in off while a deployment runs. */
export function isDeploying({ service }: PeerView): boolean {
  return service.deployments.some((deployment) => deployment.rolloutState === 'IN_PROGRESS');
}
