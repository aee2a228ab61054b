import type { Fleet } from './fleet.ts';
import { flowThrough } from './queueing.ts';
import { Composition, emptyStretch, type Serving, type ServingOptions } from './serving.ts';

/** Queue workers: every task pulls from one queue, nobody gives up waiting, and a task is busy or idle as a whole. */
export class QueueServing implements Serving {
  readonly stretch = emptyStretch();
  visible = 0;
  inFlight = 0;
  private readonly fleet: Fleet;
  private readonly options: ServingOptions;
  private readonly serviceSeconds: number;
  private readonly composition = new Composition();
  private readonly flow = { served: 0, timedOut: 0, backlog: 0 };

  constructor(fleet: Fleet, options: ServingOptions, serviceSeconds: number) {
    this.fleet = fleet;
    this.options = options;
    this.serviceSeconds = serviceSeconds;
  }

  waiting(): number {
    return this.visible;
  }

  run(rate: number, seconds: number): void {
    const { composition, stretch, flow, options } = this;
    composition.follow(this.fleet);
    composition.begin(stretch, rate * seconds);
    const capacity = composition.serving.length * options.capacityPerTask * options.burst;
    flowThrough(flow, rate, capacity, Number.POSITIVE_INFINITY, seconds);
    if (this.visible > 0 || flow.backlog > 0) {
      stretch.backlogged = stretch.arrived;
      const wait = (jobs: number) => (capacity > 0 ? jobs / capacity : Number.POSITIVE_INFINITY);
      stretch.leastWaitSeconds = wait(Math.min(this.visible, flow.backlog));
      stretch.mostWaitSeconds = wait(Math.max(this.visible, flow.backlog));
    }
    this.visible = flow.backlog;
    stretch.served = flow.served;
    stretch.utilisation = capacity > 0 ? flow.served / (capacity * seconds) : 0;
    this.inFlight = (flow.served / seconds) * this.serviceSeconds;
    const busy = options.cpuAtCapacity * options.burst * stretch.utilisation;
    const cap = 100 * options.burst;
    stretch.servingCpu = Math.min(
      cap * composition.serving.length,
      composition.servingBase + busy * stretch.servingTasks,
    );
    stretch.leastCpu = Math.min(cap, composition.leastBase + (composition.fresh > 0 ? 0 : busy));
    stretch.mostCpu = Math.min(cap, composition.mostBase + busy);
    stretch.memory = composition.memory(stretch.utilisation);
  }
}
