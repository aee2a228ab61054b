import { randomUniform } from 'd3-random';
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import { stream } from './chance.ts';
import type { Clock, Reporter } from './reporter.ts';
import { Series } from './series.ts';
import type { Stretch } from './serving.ts';

/** Of measurement, either way. */
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
