/** What the service reports to CloudWatch: ECS, its target group, its queue. Nothing is reported for a period nobody knows. */
import { randomUniform } from 'd3-random';
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import { stream } from './chance.ts';
import { type ResponseMix, responseTimes, type Spread } from './queueing.ts';
import { Series } from './series.ts';
import type { Stretch } from './serving.ts';

interface Clock {
  readonly now: EpochMs;
}

/** One kind of report with a period of its own. */
export interface Reporter {
  readonly series: readonly Series[];
  readonly periodSeconds: number;
  /** `known` false: the load has a gap there. */
  take(stretch: Stretch, seconds: number, known: boolean): void;
  close(startedAt: EpochMs): void;
}

const NOISE = 0.02;

/** `AWS/ECS`: averages over all running tasks, those too that serve nothing yet. SampleCount is the number of tasks. */
export class EcsReporter implements Reporter {
  readonly series: readonly Series[];
  readonly periodSeconds: number;
  private readonly cpuSeries: Series;
  private readonly memorySeries: Series;
  private readonly cpuCap: number;
  private readonly noise: () => number;
  private cpu = 0;
  private memory = 0;
  private taskSeconds = 0;
  private least = Number.POSITIVE_INFINITY;
  private most = 0;
  private known = true;

  constructor(
    name: ServiceName,
    options: { seed: number; periodSeconds: number; keptHours: number | 'all'; cpuCap: number },
    clock: Clock,
  ) {
    const { periodSeconds, keptHours } = options;
    const dimensions = { ClusterName: name.cluster, ServiceName: name.service };
    const common = { namespace: 'AWS/ECS', dimensions, periodSeconds, keptHours };
    this.cpuSeries = new Series({ ...common, name: 'CPUUtilization' }, clock);
    this.memorySeries = new Series({ ...common, name: 'MemoryUtilization' }, clock);
    this.series = [this.cpuSeries, this.memorySeries];
    this.periodSeconds = periodSeconds;
    this.cpuCap = options.cpuCap;
    this.noise = randomUniform.source(stream(options.seed, 'measurement noise'))(1 - NOISE, 1 + NOISE);
  }

  take(stretch: Stretch, seconds: number, known: boolean): void {
    const tasks = stretch.servingTasks + stretch.freshTasks;
    if (!known) this.known = false;
    if (tasks === 0) return;
    this.cpu += (stretch.servingCpu + stretch.freshCpu) * seconds;
    this.memory += stretch.memory * seconds;
    this.taskSeconds += tasks * seconds;
    if (stretch.leastCpu < this.least) this.least = stretch.leastCpu;
    if (stretch.mostCpu > this.most) this.most = stretch.mostCpu;
  }

  close(startedAt: EpochMs): void {
    // Drawn whether reported or not, so that runs which differ elsewhere keep the same noise.
    const cpuNoise = this.noise();
    const memoryNoise = this.noise();
    if (this.known && this.taskSeconds > 0) {
      const tasks = Math.max(1, Math.round(this.taskSeconds / this.periodSeconds));
      const measured = (cpu: number) => Math.min(this.cpuCap, cpu * cpuNoise);
      const average = measured(this.cpu / this.taskSeconds);
      this.cpuSeries.recordPlain(startedAt, average * tasks, tasks, measured(this.least), measured(this.most));
      const memory = (this.memory / this.taskSeconds) * memoryNoise;
      this.memorySeries.recordPlain(startedAt, memory * tasks, tasks, memory, memory);
    }
    this.cpu = this.memory = this.taskSeconds = this.most = 0;
    this.least = Number.POSITIVE_INFINITY;
    this.known = true;
  }
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

/** The names by which CloudWatch knows the service's one target group. */
export function targetGroupDimensions(name: ServiceName): Readonly<Record<string, string>> {
  return {
    LoadBalancer: `app/${name.cluster}/50dc6c495c0c9188`,
    TargetGroup: `targetgroup/${name.service}/73e2d6bc24d8a067`,
  };
}

/** The name of the queue a queue worker pulls from. */
export function queueName(name: ServiceName): string {
  return `${name.service}-jobs`;
}

/** `AWS/SQS` of the queue: every 60 s. */
export class QueueReporter implements Reporter {
  readonly series: readonly Series[];
  readonly periodSeconds = 60;
  private readonly visible: Series;
  private readonly inFlight: Series;
  private readonly sent: Series;
  private readonly queue: { readonly visible: number; readonly inFlight: number };
  private jobs = 0;
  private jobRest = 0;
  private known = true;

  constructor(
    name: ServiceName,
    queue: { readonly visible: number; readonly inFlight: number },
    keptHours: number | 'all',
    clock: Clock,
  ) {
    const dimensions = { QueueName: queueName(name) };
    const make = (metric: string) =>
      new Series({ namespace: 'AWS/SQS', name: metric, dimensions, periodSeconds: 60, keptHours }, clock);
    this.visible = make('ApproximateNumberOfMessagesVisible');
    this.inFlight = make('ApproximateNumberOfMessagesNotVisible');
    this.sent = make('NumberOfMessagesSent');
    this.series = [this.visible, this.inFlight, this.sent];
    this.queue = queue;
  }

  take(stretch: Stretch, _seconds: number, known: boolean): void {
    if (!known) this.known = false;
    this.jobs += stretch.arrived;
  }

  close(startedAt: EpochMs): void {
    const jobs = Math.floor(this.jobs + this.jobRest);
    this.jobRest += this.jobs - jobs;
    if (this.known) {
      const visible = Math.round(this.queue.visible);
      const inFlight = Math.round(this.queue.inFlight);
      this.visible.recordPlain(startedAt, visible, 1, visible, visible);
      this.inFlight.recordPlain(startedAt, inFlight, 1, inFlight, inFlight);
      this.sent.recordPlain(startedAt, jobs, Math.max(1, jobs), 1, 1);
    }
    this.jobs = 0;
    this.known = true;
  }
}
