/** AWS step scaling: the operator's own alarms, and for each a table of steps by how far the metric is beyond the threshold. */
import type { Adjustment } from '../../../policy/application-auto-scaling.ts';
import { BadInput } from '../../../policy/bad-input.ts';
import type { EpochMs } from '../../../policy/policy.ts';
import type { Peer, PeerView } from '../peer.ts';
import { type AlarmRule, type AlarmState, type AlarmTiming, alarmRange, alarmState, evidenceOf } from './alarm.ts';
import { baseIn, baseOut, DEFAULT_COOLDOWN_SECONDS, noCooldown, scaleIn, scaleOut } from './scalable-target.ts';
import { type AwsSignal, type SignalPoint, SignalTail } from './signal.ts';
import { adjusted, stepFor, stepProblem } from './step-adjustment.ts';
import { EVALUATION, isDeploying, standingOf } from './target-tracking.ts';

export interface StepPolicy {
  readonly threshold: number;
  /** Whether a value at the threshold breaches it. Default true. */
  readonly inclusive?: boolean;
  readonly alarm: AlarmRule;
  readonly adjustment: Adjustment;
  readonly cooldownSeconds: number;
}

export interface StepScalingOptions {
  readonly signal?: AwsSignal;
  /** Alarm at or above its threshold, and at or below; absent: never in that direction. */
  readonly out?: StepPolicy;
  readonly in?: StepPolicy;
  /** 20, or a multiple of 60. Default 60. */
  readonly periodSeconds?: number;
  readonly evaluationDelaySeconds?: number;
}

/**
 * The table of the Amazon EC2 Auto Scaling user guide's example around a target: at `band` above it +10 %, at twice that +30 %, and the
 * same below with minus. Out after 3 of 3 minutes, in after 15 of 15, as target tracking waits.
 */
export function documentedSteps(target: number, band: number): Required<Pick<StepScalingOptions, 'out' | 'in'>> {
  const percent = { type: 'PercentChangeInCapacity', minAdjustmentMagnitude: 1 } as const;
  return {
    out: {
      threshold: target + band,
      alarm: { m: 3, n: 3, treatMissing: 'missing' },
      adjustment: {
        ...percent,
        steps: [
          { lower: 0, upper: band, change: 10 },
          { lower: band, upper: null, change: 30 },
        ],
      },
      cooldownSeconds: DEFAULT_COOLDOWN_SECONDS,
    },
    in: {
      threshold: target - band,
      alarm: { m: 15, n: 15, treatMissing: 'missing' },
      adjustment: {
        ...percent,
        steps: [
          { lower: -band, upper: 0, change: -10 },
          { lower: null, upper: -band, change: -30 },
        ],
      },
      cooldownSeconds: DEFAULT_COOLDOWN_SECONDS,
    },
  };
}

export function createStepScaling(options: StepScalingOptions): Peer {
  for (const direction of ['out', 'in'] as const) {
    const policy = options[direction];
    const problem = policy === undefined ? undefined : stepProblem(policy.adjustment.steps);
    if (problem !== undefined) throw new BadInput(`step scaling, ${direction}: ${problem}; mend the list of steps`);
  }
  const { everySeconds } = evaluationOf(options.periodSeconds);
  const scaling = new StepScaling(options);
  return { name: 'aws-step-scaling', everySeconds, decide: (seen) => scaling.decide(seen) };
}

/** Alarms with short periods are evaluated more often; a longer one changes nothing. */
function evaluationOf(periodSeconds = 60): (typeof EVALUATION)[60 | 20] {
  return EVALUATION[periodSeconds < 60 ? 20 : 60];
}

class StepScaling {
  private readonly options: StepScalingOptions;
  private readonly periodSeconds: number;
  private readonly tail: SignalTail;
  private readonly states: { out: AlarmState; in: AlarmState } = { out: 'INSUFFICIENT_DATA', in: 'INSUFFICIENT_DATA' };
  private readonly cooldown = noCooldown();

  constructor(options: StepScalingOptions) {
    this.options = options;
    this.periodSeconds = options.periodSeconds ?? 60;
    this.tail = new SignalTail(options.signal ?? 'cpu', this.periodSeconds);
  }

  decide(seen: PeerView): number | undefined {
    const { out, in: into } = this.options;
    const { evaluationDelaySeconds = evaluationOf(this.periodSeconds).evaluationDelaySeconds } = this.options;
    const timing = { periodSeconds: this.periodSeconds, evaluationDelaySeconds };
    const longest = alarmRange(seen.now, Math.max(out?.alarm.n ?? 1, into?.alarm.n ?? 1), timing);
    const points = this.tail.between(seen.metrics, longest.from, longest.to);
    const above = this.evaluate('out', points, seen.now, timing);
    const below = this.evaluate('in', points, seen.now, timing);
    if (above !== undefined) return this.scale('out', above, seen);
    if (below !== undefined && !isDeploying(seen)) return this.scale('in', below, seen);
    return undefined;
  }

  /** The newest value the alarm of a direction looked at, where it is in ALARM. */
  private evaluate(
    direction: 'out' | 'in',
    points: readonly SignalPoint[],
    now: EpochMs,
    timing: AlarmTiming,
  ): number | undefined {
    const policy = this.options[direction];
    if (policy === undefined) return undefined;
    const { alarm, threshold, inclusive = true } = policy;
    const isBreaching = (value: number) =>
      (inclusive && value === threshold) || (direction === 'out' ? value > threshold : value < threshold);
    const evidence = evidenceOf(points, alarmRange(now, alarm.n, timing), this.periodSeconds, isBreaching);
    this.states[direction] = alarmState(evidence, alarm, this.states[direction]);
    return this.states[direction] === 'ALARM' ? points.at(-1)?.value : undefined;
  }

  private scale(direction: 'out' | 'in', metric: number, seen: PeerView): number | undefined {
    const policy = this.options[direction];
    if (policy === undefined) return undefined;
    const { threshold, adjustment } = policy;
    const standing = standingOf(seen);
    const base = direction === 'out' ? baseOut(standing, this.cooldown) : baseIn(standing, this.cooldown);
    const step = stepFor(adjustment.steps, metric - threshold, direction);
    if (base === null || step === undefined) return undefined;
    const wanted = adjusted(base, step.change, adjustment);
    const secondsOf = (way: 'out' | 'in') => this.options[way]?.cooldownSeconds ?? DEFAULT_COOLDOWN_SECONDS;
    const cooldowns = { outSeconds: secondsOf('out'), inSeconds: secondsOf('in') };
    return direction === 'out'
      ? scaleOut(wanted, base, standing, cooldowns, this.cooldown)
      : scaleIn(wanted, standing, cooldowns, this.cooldown);
  }
}
