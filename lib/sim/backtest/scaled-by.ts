/** What scaled a service, as its owner set it up, and whether there is a model to replay it. */
import type { PredictivePolicy, ServiceScaling, ServiceScalingPolicy } from '../../policy/application-auto-scaling.ts';
import type { ServiceName } from '../../policy/policy.ts';
import type { StepScalingOptions } from '../peers/aws/step-scaling.ts';
import type { Capacity } from '../peers/peer.ts';
import { isUnreadable, type Timetable, timetableOf } from './scheduled.ts';
import { paired, steppingOf } from './stepping.ts';
import { type Tracking, trackingOf } from './tracking.ts';

/** Everything that moves the count, ready to be replayed. */
export interface Modelled {
  readonly kind: 'modelled';
  readonly capacity: Capacity;
  readonly trackings: readonly Tracking[];
  readonly steppings: readonly StepScalingOptions[];
  /** Forecasts that scale out. */
  readonly forecasts: readonly PredictivePolicy[];
  readonly timetable: Timetable;
  /** Of the metrics that it reads: 20 where one of its policies follows metrics that fine. */
  readonly periodSeconds: 60 | 20;
  readonly words: string;
}

/** `unmodelled`: why nothing can be replayed, as a clause. */
export type ScaledBy = Modelled | { readonly kind: 'unmodelled'; readonly why: string };

/** A policy, or part of one, that a model can play; or why not. */
export type Read<T> = (T & { readonly words: string }) | { readonly why: string };

export function scaledBy(name: ServiceName, { capacity, policies, scheduled = [] }: ServiceScaling): ScaledBy {
  if (capacity === undefined) return unmodelled('the service is not registered with Application Auto Scaling');
  const acting = policies.filter((policy) => policy.kind !== 'predictive' || policy.scales);
  if (acting.length === 0 && scheduled.length === 0) return unmodelled('the service has no scaling policy now');
  const timetable = timetableOf(scheduled);
  if (isUnreadable(timetable)) return unmodelled(timetable.why);
  const found = { trackings: [] as Tracking[], steppings: [] as StepScalingOptions[], words: [] as string[] };
  for (const policy of acting) {
    const why = take(name, policy, found);
    if (why !== undefined) return unmodelled(why);
  }
  const forecasts = acting.filter((policy) => policy.kind === 'predictive');
  const { trackings, steppings } = found;
  const timed = scheduled.length === 0 ? [] : [`scheduled actions (${scheduled.length})`];
  return {
    kind: 'modelled',
    ...{ capacity, trackings, steppings: paired(steppings), forecasts, timetable },
    periodSeconds: trackings.some(({ periodSeconds }) => periodSeconds === 20) ? 20 : 60,
    words: listed([...found.words, ...forecasts.map(() => 'predictive scaling'), ...timed]),
  };
}

interface Found {
  readonly trackings: Tracking[];
  readonly steppings: StepScalingOptions[];
  readonly words: string[];
}

/** Why a policy cannot be played; undefined where it can. */
function take(
  name: ServiceName,
  policy: ServiceScalingPolicy,
  { trackings, steppings, words }: Found,
): string | undefined {
  switch (policy.kind) {
    case 'targetTracking': {
      const read = trackingOf(policy);
      if ('why' in read) return read.why;
      trackings.push(read);
      words.push(read.words);
      return undefined;
    }
    case 'stepScaling': {
      const read = steppingOf(name, policy);
      if ('why' in read) return read.why;
      steppings.push(...read.steppings);
      words.push(read.words);
      return undefined;
    }
    case 'predictive':
      return policy.forecast.length > 0
        ? undefined
        : `its predictive policy ${policy.name} has no forecast of that time left`;
    case 'other':
      return `its policy ${policy.name} is of type ${policy.type}`;
  }
}

function unmodelled(why: string): ScaledBy {
  return { kind: 'unmodelled', why };
}

function listed(words: readonly string[]): string {
  const [last = '', ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`;
}
