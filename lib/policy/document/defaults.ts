/** Every number that a policy gets without saying it. Nothing else in the project knows a default of the policy language. */
import type { Mode, Pace, TrueFor } from '../policy.ts';

export type PacePreset = 'fast' | 'normal' | 'slow';

interface SourceDefaults {
  readonly periodSeconds: number;
  readonly publicationDelaySeconds: number;
}

const upTo = (percent: number, tasks: number, periodSeconds: number): Pace['upTo'] =>
  Object.freeze({ percent, tasks, pick: 'larger', periodSeconds });

const VERIFIED: Pace['cooldown'] = Object.freeze({ kind: 'verified' });
const seconds = (value: number): Pace['cooldown'] => Object.freeze({ kind: 'seconds', seconds: value });

/** From slow to fast it is ever easier to add tasks; from fast to slow ever harder to take them away. */
const PACE_OUT: Readonly<Record<PacePreset, Pace>> = Object.freeze({
  fast: Object.freeze({ cooldown: VERIFIED, stabilizationSeconds: 0, upTo: upTo(200, 10, 60) }),
  normal: Object.freeze({ cooldown: VERIFIED, stabilizationSeconds: 0, upTo: upTo(100, 4, 60) }),
  slow: Object.freeze({ cooldown: seconds(120), stabilizationSeconds: 60, upTo: upTo(25, 2, 60) }),
});

const PACE_IN: Readonly<Record<PacePreset, Pace>> = Object.freeze({
  fast: Object.freeze({ cooldown: seconds(60), stabilizationSeconds: 60, upTo: upTo(25, 2, 60) }),
  normal: Object.freeze({ cooldown: seconds(300), stabilizationSeconds: 300, upTo: upTo(10, 1, 300) }),
  slow: Object.freeze({ cooldown: seconds(900), stabilizationSeconds: 900, upTo: upTo(5, 1, 900) }),
});

export const DEFAULTS = Object.freeze({
  mode: 'shadow' as Mode,
  cadenceSeconds: 60,
  /** CloudWatch numbers; a period of 20 s or less is published sooner than one of 60 s. */
  periodSeconds: 60,
  publicationDelaySeconds: 50,
  fineSeconds: 20,
  finePublicationDelaySeconds: 15,
  promql: Object.freeze({ periodSeconds: 60, publicationDelaySeconds: 15 }) as SourceDefaults,
  /** Queues and pushed numbers are read at each tick: their period is the cadence. */
  read: Object.freeze({ publicationDelaySeconds: 0 }),
  /** CloudWatch's own default. Metrics that count something have Sum, see `ALB_METRICS`. */
  stat: 'Average',
  sqsAttribute: 'backlog' as const,
  whenMissing: Object.freeze({ kind: 'unknown' }) as { readonly kind: 'unknown' },
  trueFor: Object.freeze({
    scaleOut: Object.freeze({ m: 1, n: 1 }) as TrueFor,
    scaleIn: Object.freeze({ m: 6, n: 6 }) as TrueFor,
  }),
  thenWaitSeconds: 0,
  atLeastTasks: 1,
  /** A fraction of the count, both ways. */
  tolerance: 0.1,
  parallelPerTask: 1,
  pace: Object.freeze({ out: PACE_OUT, in: PACE_IN, preset: 'normal' as PacePreset }),
  timezone: 'UTC',
  forbid: 'both' as const,
  unknownAbstainsAfterSeconds: 900,
  /** A share of failed requests above which nothing is taken away, where no guard of the policy names it. */
  errorShareHoldsAbovePercent: 5,
});

/** An ALB metric that exists per target group, which is all that can be found from a service. */
interface AlbMetric {
  readonly stat: 'Sum' | 'Average';
  /** What one number is: a count of a period, seconds, or a number of hosts. */
  readonly unit: 'count' | 'seconds' | 'hosts';
  /** Per target, so that demand is the number times the tasks that made it. */
  readonly perTarget?: true;
}

const COUNT: AlbMetric = Object.freeze({ stat: 'Sum', unit: 'count' });
const HOSTS: AlbMetric = Object.freeze({ stat: 'Average', unit: 'hosts' });

/** Source: "CloudWatch metrics for your Application Load Balancer", metrics with the dimension TargetGroup. */
export const ALB_METRICS = Object.freeze({
  RequestCount: COUNT,
  RequestCountPerTarget: Object.freeze({ stat: 'Sum', unit: 'count', perTarget: true }) as AlbMetric,
  TargetResponseTime: Object.freeze({ stat: 'Average', unit: 'seconds' }) as AlbMetric,
  HTTPCode_Target_2XX_Count: COUNT,
  HTTPCode_Target_3XX_Count: COUNT,
  HTTPCode_Target_4XX_Count: COUNT,
  HTTPCode_Target_5XX_Count: COUNT,
  TargetConnectionErrorCount: COUNT,
  TargetTLSNegotiationErrorCount: COUNT,
  HealthyHostCount: HOSTS,
  UnHealthyHostCount: HOSTS,
  AnomalousHostCount: HOSTS,
  MitigatedHostCount: HOSTS,
});

export type AlbMetricName = keyof typeof ALB_METRICS;
