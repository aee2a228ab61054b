/** What scaled a service, as its owner set it up, and whether there is a model to replay it. */
import type { AwsSignal } from '../peers/aws/signal.ts';
import type { TargetTrackingOptions } from '../peers/aws/target-tracking.ts';
import type { Capacity } from '../peers/peer.ts';

export interface Scaling {
  readonly capacity?: Capacity;
  readonly policies: readonly ScalingPolicy[];
}

export type ScalingPolicy =
  | {
      readonly kind: 'targetTracking';
      readonly name: string;
      /** A predefined metric by AWS's name; null: a metric of the operator's own. */
      readonly metric: string | null;
      readonly target: number;
      readonly outCooldownSeconds?: number;
      readonly inCooldownSeconds?: number;
      readonly scaleInDisabled: boolean;
    }
  | { readonly kind: 'other'; readonly name: string; readonly type: string };

export interface Tracking extends TargetTrackingOptions {
  readonly signal: AwsSignal;
}

/** `unmodelled`: why nothing can be replayed, as a clause. */
export type ScaledBy =
  | {
      readonly kind: 'targetTracking';
      readonly capacity: Capacity;
      readonly trackings: readonly Tracking[];
      readonly words: string;
    }
  | { readonly kind: 'unmodelled'; readonly why: string };

const SIGNALS: Readonly<Record<string, { readonly signal: AwsSignal; readonly words: string }>> = {
  ECSServiceAverageCPUUtilization: { signal: 'cpu', words: 'CPU at' },
  ECSServiceAverageMemoryUtilization: { signal: 'memory', words: 'memory at' },
  ALBRequestCountPerTarget: { signal: 'requestsPerTask', words: 'requests a minute and target at' },
};
const DEFAULT_SECONDS = 300;

export function scaledBy({ capacity, policies }: Scaling): ScaledBy {
  const unmodelled = (why: string): ScaledBy => ({ kind: 'unmodelled', why });
  if (capacity === undefined) return unmodelled('the service is not registered with Application Auto Scaling');
  if (policies.length === 0) return unmodelled('the service has no scaling policy now');
  const trackings: Tracking[] = [];
  const words: string[] = [];
  for (const policy of policies) {
    if (policy.kind === 'other') return unmodelled(`its policy ${policy.name} is of type ${policy.type}`);
    const known = policy.metric === null ? undefined : SIGNALS[policy.metric];
    if (known === undefined) {
      const metric = policy.metric ?? 'a metric of its own';
      return unmodelled(`its policy ${policy.name} follows ${metric}, which is not replayed`);
    }
    const { outCooldownSeconds: outSeconds = DEFAULT_SECONDS, inCooldownSeconds: inSeconds = DEFAULT_SECONDS } = policy;
    const { target, scaleInDisabled } = policy;
    trackings.push({ signal: known.signal, target, cooldowns: { outSeconds, inSeconds }, scaleInDisabled });
    words.push(`${known.words} ${target}`);
  }
  return { kind: 'targetTracking', capacity, trackings, words: `target tracking of ${words.join(' and of ')}` };
}
