/** A step scaling policy of Application Auto Scaling, with the alarms that invoke it, as its model: one for each alarm. */
import type { StepAlarm, StepScalingPolicy } from '../../policy/application-auto-scaling.ts';
import type { ServiceName } from '../../policy/policy.ts';
import type { AwsSignal } from '../peers/aws/signal.ts';
import { stepProblem } from '../peers/aws/step-adjustment.ts';
import type { StepPolicy, StepScalingOptions } from '../peers/aws/step-scaling.ts';
import type { Read } from './scaled-by.ts';

interface Watched {
  readonly signal: AwsSignal;
  readonly statistic: string;
  readonly words: string;
}

const WATCHED: Readonly<Record<string, Watched>> = {
  'AWS/ECS CPUUtilization': { signal: 'cpu', statistic: 'Average', words: 'CPU' },
  'AWS/ECS MemoryUtilization': { signal: 'memory', statistic: 'Average', words: 'memory' },
  'AWS/ApplicationELB RequestCountPerTarget': {
    ...{ signal: 'requestsPerTask', statistic: 'Sum', words: 'requests a minute and target' },
  },
};
const SIGNS: Readonly<Record<string, { readonly direction: 'out' | 'in'; readonly inclusive: boolean; sign: string }>> =
  {
    GreaterThanOrEqualToThreshold: { direction: 'out', inclusive: true, sign: '≥' },
    GreaterThanThreshold: { direction: 'out', inclusive: false, sign: '>' },
    LessThanOrEqualToThreshold: { direction: 'in', inclusive: true, sign: '≤' },
    LessThanThreshold: { direction: 'in', inclusive: false, sign: '<' },
  };
const DEFAULT_SECONDS = 300;

export function steppingOf(
  service: ServiceName,
  policy: StepScalingPolicy,
): Read<{ readonly steppings: readonly StepScalingOptions[] }> {
  const { name, adjustment, alarms } = policy;
  const problem = stepProblem(adjustment.steps);
  if (problem !== undefined) return { why: `its policy ${name} cannot be read: ${problem}` };
  if (alarms.length === 0) return { why: `no alarm invokes its policy ${name} now` };
  const steppings: StepScalingOptions[] = [];
  const words: string[] = [];
  for (const alarm of alarms) {
    const read = isOf(service, alarm)
      ? oneOf(policy, alarm)
      : { why: `its alarm ${alarm.name} watches another service` };
    if ('why' in read) return read;
    steppings.push(read.stepping);
    words.push(read.words);
  }
  return { steppings, words: `step scaling at ${words.join(' and ')}` };
}

/** A load balancer's metric names no service. */
function isOf({ cluster, service }: ServiceName, { dimensions }: StepAlarm): boolean {
  const { ClusterName = cluster, ServiceName: named = service } = dimensions;
  return ClusterName === cluster && named === service;
}

function oneOf(policy: StepScalingPolicy, alarm: StepAlarm): Read<{ readonly stepping: StepScalingOptions }> {
  const { name, metric, statistic, periodSeconds, threshold, m, n, treatMissing } = alarm;
  const watched = metric === null ? undefined : WATCHED[metric];
  const compared = SIGNS[alarm.comparison];
  if (watched === undefined || watched.statistic !== statistic) {
    return { why: `its alarm ${name} watches ${metric ?? 'an expression'} (${statistic}), which is not replayed` };
  }
  if (compared === undefined)
    return { why: `its alarm ${name} compares by ${alarm.comparison}, which is not replayed` };
  if (periodSeconds < 60 || periodSeconds % 60 !== 0) {
    return { why: `its alarm ${name} looks at periods of ${periodSeconds} s, which CloudWatch does not keep for days` };
  }
  const { adjustment, cooldownSeconds = DEFAULT_SECONDS } = policy;
  const { direction, inclusive, sign } = compared;
  const steps: StepPolicy = { threshold, inclusive, alarm: { m, n, treatMissing }, adjustment, cooldownSeconds };
  const perPeriod = watched.signal === 'requestsPerTask' && periodSeconds > 60;
  if (perPeriod) return { why: `its alarm ${name} adds up requests over ${periodSeconds} s, which is not replayed` };
  return {
    stepping: { signal: watched.signal, periodSeconds, [direction]: steps },
    words: `${watched.words} ${sign} ${threshold}`,
  };
}

/** One that goes out and one that goes in on the same metric share their cooldowns, as they do at AWS. */
export function paired(steppings: readonly StepScalingOptions[]): readonly StepScalingOptions[] {
  const found: StepScalingOptions[] = [];
  for (const one of steppings) {
    const place = found.findIndex(
      (other) =>
        other.signal === one.signal &&
        other.periodSeconds === one.periodSeconds &&
        (other.out === undefined || one.out === undefined) &&
        (other.in === undefined || one.in === undefined),
    );
    const partner = found[place];
    if (partner === undefined) found.push(one);
    else found[place] = { ...partner, ...one };
  }
  return found;
}
