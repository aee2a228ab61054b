import type { EpochMs, ServiceName } from '../policy/policy.ts';
import { type ResponseMix, responseTimes, type Spread } from './queueing.ts';
import type { Clock, Reporter } from './reporter.ts';
import { Series } from './series.ts';
import type { Stretch } from './serving.ts';

/** The names by which CloudWatch knows the service's one target group. */
export function targetGroupDimensions(name: ServiceName): Readonly<Record<string, string>> {
  return {
    LoadBalancer: `app/${name.cluster}/50dc6c495c0c9188`,
    TargetGroup: `targetgroup/${name.service}/73e2d6bc24d8a067`,
  };
}

/** `AWS/ApplicationELB` of the target group: every 60 s, and nothing at all in a minute without a request. */
export class AlbReporter implements Reporter {
  readonly series: readonly Series[];
  readonly periodSeconds = 60;
  private readonly requestCount: Series;
  private readonly responseTime: Series;
  private readonly errorCount: Series;
  private readonly healthyHosts: Series;
  private readonly work: { readonly servers: number; readonly serviceSeconds: number; readonly spread: Spread };
  private sums = noTraffic();
  private known = true;
  /** Fractions of a request not reported yet. */
  private requestRest = 0;
  private errorRest = 0;

  constructor(
    name: ServiceName,
    work: { readonly servers: number; readonly serviceSeconds: number; readonly spread: Spread },
    keptHours: number | 'all',
    clock: Clock,
  ) {
    const dimensions = targetGroupDimensions(name);
    const make = (metric: string) =>
      new Series({ namespace: 'AWS/ApplicationELB', name: metric, dimensions, periodSeconds: 60, keptHours }, clock);
    this.requestCount = make('RequestCount');
    this.responseTime = make('TargetResponseTime');
    this.errorCount = make('HTTPCode_Target_5XX_Count');
    this.healthyHosts = make('HealthyHostCount');
    this.series = [this.requestCount, this.responseTime, this.errorCount, this.healthyHosts];
    this.work = work;
  }

  take(stretch: Stretch, seconds: number, known: boolean): void {
    const { sums } = this;
    if (!known) this.known = false;
    sums.seconds += seconds;
    sums.hostSeconds += stretch.servingTasks * seconds;
    if (stretch.servingTasks < sums.leastHosts) sums.leastHosts = stretch.servingTasks;
    if (stretch.servingTasks > sums.mostHosts) sums.mostHosts = stretch.servingTasks;
    // Without a target the load balancer answers by itself, and the target group hears nothing of it.
    if (stretch.servingTasks === 0) return;
    sums.requests += stretch.arrived;
    sums.errors += stretch.timedOut;
    sums.utilisation += stretch.utilisation * stretch.arrived;
    sums.backlogged += stretch.backlogged;
    if (stretch.backlogged === 0) return;
    sums.leastWait = Math.min(sums.leastWait, stretch.leastWaitSeconds);
    sums.mostWait = Math.max(sums.mostWait, stretch.mostWaitSeconds);
  }

  close(startedAt: EpochMs): void {
    const { sums } = this;
    const requests = Math.floor(sums.requests + this.requestRest);
    const errors = Math.floor(sums.errors + this.errorRest);
    this.requestRest += sums.requests - requests;
    this.errorRest += sums.errors - errors;
    if (this.known && requests > 0) {
      this.requestCount.recordPlain(startedAt, requests, requests, 1, 1);
      if (errors > 0) this.errorCount.recordPlain(startedAt, errors, errors, 1, 1);
      this.healthyHosts.recordPlain(startedAt, sums.hostSeconds / sums.seconds, 1, sums.leastHosts, sums.mostHosts);
      this.recordResponseTimes(startedAt, requests, sums);
    }
    this.sums = noTraffic();
    this.known = true;
  }

  /** The values are worked out when somebody reads them: most never are. */
  private recordResponseTimes(startedAt: EpochMs, requests: number, sums: Traffic): void {
    const { servers, serviceSeconds, spread } = this.work;
    const mix: ResponseMix = {
      utilisation: sums.utilisation / sums.requests,
      backloggedShare: Math.min(1, sums.backlogged / sums.requests),
      leastWaitSeconds: sums.leastWait,
      mostWaitSeconds: sums.mostWait,
    };
    this.responseTime.record(startedAt, () => {
      const values = responseTimes(mix, servers, serviceSeconds, spread);
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      const [min = 0] = values;
      const visibleAt = this.responseTime.visibleAt(startedAt);
      return { startedAt, visibleAt, sum: mean * requests, count: requests, min, max: values.at(-1) ?? min, values };
    });
  }
}

interface Traffic {
  seconds: number;
  requests: number;
  errors: number;
  utilisation: number;
  backlogged: number;
  leastWait: number;
  mostWait: number;
  hostSeconds: number;
  leastHosts: number;
  mostHosts: number;
}

function noTraffic(): Traffic {
  return {
    seconds: 0,
    requests: 0,
    errors: 0,
    utilisation: 0,
    backlogged: 0,
    leastWait: Number.POSITIVE_INFINITY,
    mostWait: 0,
    hostSeconds: 0,
    leastHosts: Number.POSITIVE_INFINITY,
    mostHosts: 0,
  };
}
