/** What the plant keeps count of: one row a minute, and the totals. */
import type { EpochMs } from '../policy/policy.ts';
import type { Fleet } from './fleet.ts';
import type { PlantSettings } from './plant.ts';
import { Lateness } from './scoring/slo.ts';
import type { Serving, Stretch } from './serving.ts';
import type { PlantRow, PlantTotals, PlantWatcher } from './types.ts';

export type AccountsOptions = Pick<PlantSettings, 'kind' | 'capacityPerTask' | 'slo' | 'watcher' | 'keepRows'>;

export class Accounts {
  readonly rows: PlantRow[] = [];
  private readonly capacityPerTask: number;
  private readonly lateness: Lateness;
  private readonly watcher: PlantWatcher;
  private readonly keepRows: boolean;
  private arrived = 0;
  private served = 0;
  private timedOut = 0;
  private billed = 0;
  private minute = emptyMinute();

  constructor({ kind, capacityPerTask, slo, watcher, keepRows }: AccountsOptions) {
    this.capacityPerTask = capacityPerTask;
    this.lateness = new Lateness(slo, kind, capacityPerTask);
    this.watcher = watcher;
    this.keepRows = keepRows;
  }

  /** A stretch that ends at `now`. `rate` null: nobody knows its load. */
  take(now: EpochMs, stretch: Stretch, seconds: number, rate: number | null, fleet: Fleet): void {
    const { minute } = this;
    const above = stretch.arrived - stretch.servingTasks * this.capacityPerTask * seconds;
    minute.seconds += seconds;
    minute.known &&= rate !== null;
    minute.requests += stretch.arrived;
    if (above > 0) minute.above += above;
    minute.cpu += stretch.servingCpu * seconds;
    minute.taskSeconds += stretch.servingTasks * seconds;
    minute.billed += fleet.billedTasks * seconds;
    minute.timedOut += stretch.timedOut;
    minute.late += this.lateness.of(stretch);
    this.watcher.stretch?.(now - seconds * 1000, seconds, rate, stretch.servingTasks);
    this.arrived += stretch.arrived;
    this.served += stretch.served;
    this.timedOut += stretch.timedOut;
  }

  /** Tasks that stopped take the rest of their minimum minute and the requests in their queues with them. */
  takeStopped(fleet: Fleet): void {
    this.minute.billed += fleet.minimumTopUpSeconds;
    this.minute.timedOut += fleet.abandoned;
    this.timedOut += fleet.abandoned;
    fleet.minimumTopUpSeconds = 0;
    fleet.abandoned = 0;
  }

  closeMinute(at: EpochMs, fleet: Fleet, serving: Serving): void {
    const { minute } = this;
    this.billed += minute.billed;
    let running = 0;
    let inService = 0;
    for (const task of fleet.tasks) {
      if (task.phase === 'inService') inService++;
      else if (task.phase === 'running') running++;
    }
    const row: PlantRow = {
      at,
      load: minute.known ? minute.requests / minute.seconds : null,
      desired: fleet.desired,
      running: running + inService,
      inService,
      cpu: minute.known && minute.taskSeconds > 0 ? minute.cpu / minute.taskSeconds : null,
      requests: minute.requests,
      requestsAboveCapacity: minute.above,
      billedTaskSeconds: minute.billed,
      timedOut: minute.timedOut,
      requestsOverSlo: minute.late,
      backlog: serving.waiting(),
    };
    if (this.keepRows) this.rows.push(row);
    this.watcher.row?.(row);
    this.minute = emptyMinute();
  }

  totals(serving: Serving): PlantTotals {
    const { arrived, served, timedOut } = this;
    return {
      arrived,
      served,
      timedOut,
      inQueue: serving.waiting(),
      billedTaskSeconds: this.billed + this.minute.billed,
    };
  }
}

interface Minute {
  seconds: number;
  known: boolean;
  requests: number;
  above: number;
  cpu: number;
  taskSeconds: number;
  billed: number;
  timedOut: number;
  late: number;
}

function emptyMinute(): Minute {
  return { seconds: 0, known: true, requests: 0, above: 0, cpu: 0, taskSeconds: 0, billed: 0, timedOut: 0, late: 0 };
}
