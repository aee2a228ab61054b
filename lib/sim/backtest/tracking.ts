/** A target tracking policy of Application Auto Scaling as its model. */
import type { TargetTrackingPolicy } from '../../policy/application-auto-scaling.ts';
import type { AwsSignal } from '../peers/aws/signal.ts';
import type { TargetTrackingOptions } from '../peers/aws/target-tracking.ts';
import type { Read } from './scaled-by.ts';

export interface Tracking extends TargetTrackingOptions {
  readonly signal: AwsSignal;
}

interface Followed {
  readonly signal: AwsSignal;
  readonly periodSeconds: 60 | 20;
  readonly words: string;
}

/** Predefined metrics by AWS's names. */
const FOLLOWED: Readonly<Record<string, Followed>> = {
  ECSServiceAverageCPUUtilization: { signal: 'cpu', periodSeconds: 60, words: 'CPU at' },
  ECSServiceAverageMemoryUtilization: { signal: 'memory', periodSeconds: 60, words: 'memory at' },
  ALBRequestCountPerTarget: { signal: 'requestsPerTask', periodSeconds: 60, words: 'requests a minute and target at' },
  ECSServiceAverageCPUUtilizationHighResolution: { signal: 'cpu', periodSeconds: 20, words: 'CPU every 20 s at' },
  ECSServiceAverageMemoryUtilizationHighResolution: {
    ...{ signal: 'memory', periodSeconds: 20, words: 'memory every 20 s at' },
  },
};
const DEFAULT_SECONDS = 300;

export function trackingOf(policy: TargetTrackingPolicy): Read<Tracking> {
  const followed = policy.metric === null ? undefined : FOLLOWED[policy.metric];
  if (followed === undefined) {
    return {
      why: `its policy ${policy.name} follows ${policy.metric ?? 'a metric of its own'}, which is not replayed`,
    };
  }
  const { outCooldownSeconds: outSeconds = DEFAULT_SECONDS, inCooldownSeconds: inSeconds = DEFAULT_SECONDS } = policy;
  const { target, scaleInDisabled } = policy;
  const { signal, periodSeconds } = followed;
  const cooldowns = { outSeconds, inSeconds };
  return {
    ...{ signal, target, periodSeconds, cooldowns, scaleInDisabled },
    words: `target tracking of ${followed.words} ${target}${scaleInDisabled ? ', out only' : ''}`,
  };
}
