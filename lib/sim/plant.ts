/**
 * One ECS service in virtual time: its tasks start, serve, drain and are billed as on Fargate, and CloudWatch hears of it late.
 * Time jumps from event to event (a task's next phase, a step of the load, the end of a metric's period); between two of them
 * nothing changes, so every sum is exact and a quiet minute is one step.
 */
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import { Accounts } from './accounts.ts';
import { AlbReporter } from './alb-reporter.ts';
import { BalancedServing } from './balanced-serving.ts';
import { EcsReporter } from './ecs-reporter.ts';
import { Fleet } from './fleet.ts';
import { QueueReporter, queueName } from './queue-reporter.ts';
import { QueueServing } from './queue-serving.ts';
import type { Reporter } from './reporter.ts';
import { defaultSlo, type Slo } from './scoring/slo.ts';
import { ServiceEvents } from './service-events.ts';
import type { Serving } from './serving.ts';
import { type Standing, standingOf } from './standing.ts';
import { launches, type StartClass } from './starting.ts';
import type { Illness, Load, Plant, PlantMetric, PlantRow, PlantTotals, PlantView, PlantWatcher } from './types.ts';
import { TRAITS, workOf } from './work.ts';

/** `cpu`: CPU follows load. `io`: a full task shows little CPU. `queue`: tasks pull jobs from one queue, there is no load balancer. */
export type PlantKind = 'cpu' | 'io' | 'queue';
export type LaunchType = 'FARGATE' | 'EC2';

export interface PlantOptions {
  readonly load: Load;
  readonly seed: number;
  /** Default `{ cluster: 'prod', service: 'checkout' }`. */
  readonly name?: ServiceName;
  readonly kind?: PlantKind;
  /** Tasks in service when time begins. Default 2. */
  readonly desired?: number;
  /** Requests (or jobs) per second one task serves at 100 %. Default 100. */
  readonly capacityPerTask?: number;
  /** Default `fast`. */
  readonly startClass?: StartClass;
  /** Fargate caps CPU at 100 %; on EC2 a task may use twice its reservation. Default `FARGATE`. */
  readonly launchType?: LaunchType;
  /** Period of the ECS metrics; those of the load balancer and of the queue are always 60 s. Default 60. */
  readonly metricPeriodSeconds?: 60 | 20;
  /** Default 30, as AWS has it. */
  readonly healthCheckIntervalSeconds?: number;
  /** Default 300, as AWS has it. */
  readonly deregistrationDelaySeconds?: number;
  /** Default true. Without one a running task is in service and stops without draining. */
  readonly withLoadBalancer?: boolean;
  /** Nobody waits longer for an answer. Default 30. */
  readonly timeoutSeconds?: number;
  /** As many tasks fit at most. Default: no limit. */
  readonly placeableTasks?: number;
  /** Hours of datapoints kept; `all` keeps every one. Default 3. */
  readonly metricHours?: number | 'all';
  /** When a request is late. Default: waits longer than four service times; in a queue, a minute. */
  readonly slo?: Slo;
  /** Name of the queue that a queue worker pulls from. Default `SERVICE-jobs`. */
  readonly queue?: string;
  /** Told what happens as it happens. */
  readonly watcher?: PlantWatcher;
  /** False: `rows()` stays empty, for runs so long that their rows are not to be kept. Default true. */
  readonly keepRows?: boolean;
}

export type PlantSettings = Required<PlantOptions>;

const EC2_BURST = 2;
/** From SIGTERM to the end of a well-behaved process. */
export const STOP_SECONDS = 5;
const MINUTE_MS = 60_000;

/** Fills in what was not said. A queue worker has no load balancer. */
export function plantSettings(options: PlantOptions): PlantSettings {
  const { kind = 'cpu', capacityPerTask = 100, name = { cluster: 'prod', service: 'checkout' } } = options;
  return {
    name,
    desired: 2,
    capacityPerTask,
    startClass: 'fast',
    launchType: 'FARGATE',
    metricPeriodSeconds: 60,
    healthCheckIntervalSeconds: 30,
    deregistrationDelaySeconds: 300,
    timeoutSeconds: 30,
    placeableTasks: Number.POSITIVE_INFINITY,
    metricHours: 3,
    slo: defaultSlo(kind, capacityPerTask),
    queue: queueName(name),
    watcher: {},
    keepRows: true,
    ...options,
    kind,
    withLoadBalancer: kind !== 'queue' && (options.withLoadBalancer ?? true),
  };
}

/** A plant at the beginning of its load, with its desired tasks in service. Deterministic for a seed. */
export function createPlant(options: PlantOptions): Plant {
  return new EcsPlant(plantSettings(options));
}

class EcsPlant implements Plant {
  now: EpochMs;
  readonly capacityPerTask: number;
  private readonly settings: PlantSettings;
  private readonly fleet: Fleet;
  private readonly serving: Serving;
  private readonly reporters: readonly Reporter[];
  private readonly series: readonly PlantMetric[];
  private readonly accounts: Accounts;
  private readonly events: ServiceEvents;
  private rate: number | null;
  private rateUntil: EpochMs;
  private periodEnd: EpochMs;
  private standing: Standing | undefined;
  /** Without a queue a view stays the same for as long as the tasks do. */
  private shown: PlantView | undefined;

  constructor(settings: PlantSettings) {
    this.settings = settings;
    this.now = settings.load.startsAt;
    this.capacityPerTask = settings.capacityPerTask;
    this.events = new ServiceEvents(settings.name.service);
    this.fleet = fleetOf(settings, this.events);
    this.serving = servingOf(settings, this.fleet);
    this.reporters = this.reportersOf(settings);
    this.series = this.reporters.flatMap((reporter) => reporter.series);
    this.accounts = new Accounts(settings);
    this.rate = settings.load.rateAt(this.now);
    this.rateUntil = this.now + settings.load.stepSeconds * 1000;
    const periodMs = settings.metricPeriodSeconds * 1000;
    this.periodEnd = (Math.floor(this.now / periodMs) + 1) * periodMs;
  }

  advanceTo(at: EpochMs): void {
    if (!(at >= this.now)) throw new RangeError(`time goes forward only: now ${this.now}, asked for ${at}`);
    while (this.now < at) this.runUntil(Math.min(at, this.fleet.nextEventAt, this.rateUntil, this.periodEnd));
  }

  private runUntil(until: EpochMs): void {
    const seconds = (until - this.now) / 1000;
    this.now = until;
    if (seconds > 0) this.account(seconds);
    if (until === this.rateUntil) this.nextRate();
    this.fleet.settle(until);
    this.accounts.takeStopped(this.fleet);
  }

  private account(seconds: number): void {
    const { stretch } = this.serving;
    this.serving.run(this.rate ?? 0, seconds);
    for (const reporter of this.reporters) reporter.take(stretch, seconds, this.rate !== null);
    this.accounts.take(this.now, stretch, seconds, this.rate, this.fleet);
    if (this.now === this.periodEnd) this.closePeriods();
  }

  private nextRate(): void {
    this.rate = this.settings.load.rateAt(this.now);
    this.rateUntil = this.now + this.settings.load.stepSeconds * 1000;
  }

  /** Periods and minutes lie on the clock's grid, as CloudWatch has them; the shortest period divides them all. */
  private closePeriods(): void {
    this.periodEnd += this.settings.metricPeriodSeconds * 1000;
    for (const reporter of this.reporters) {
      const periodMs = reporter.periodSeconds * 1000;
      if (this.now % periodMs === 0) reporter.close(this.now - periodMs);
    }
    if (this.now % MINUTE_MS === 0) this.accounts.closeMinute(this.now - MINUTE_MS, this.fleet, this.serving);
  }

  setDesiredCount(count: number): void {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`a desired count is a whole number, not ${count}`);
    this.fleet.setDesired(count, this.now);
    this.accounts.takeStopped(this.fleet);
  }

  deploy({ circuitBreaker = false }: { readonly circuitBreaker?: boolean } = {}): void {
    this.fleet.deploy(this.now, circuitBreaker);
    this.accounts.takeStopped(this.fleet);
  }

  sicken(illness: Illness | null): void {
    this.fleet.illness = illness;
  }

  rebalance(extraTasks: number, forSeconds: number): void {
    this.fleet.holdSurplus(extraTasks, this.now, forSeconds);
  }

  view(): PlantView {
    if (this.standing?.generation !== this.fleet.generation) {
      this.standing = standingOf(this.settings.name, this.fleet);
      this.shown = undefined;
    }
    const events = this.events.newestFirst();
    const { serving, shown } = this;
    if (serving instanceof QueueServing) return { ...this.standing.counts, queue: this.queueOf(serving), events };
    this.shown = shown?.events === events ? shown : { ...this.standing.counts, events };
    return this.shown;
  }

  private queueOf(serving: QueueServing): NonNullable<PlantView['queue']> {
    const { visible, inFlight } = serving;
    return { name: this.settings.queue, visible: Math.round(visible), inFlight: Math.round(inFlight) };
  }

  metrics(): readonly PlantMetric[] {
    return this.series;
  }

  rows(): readonly PlantRow[] {
    return this.accounts.rows;
  }

  totals(): PlantTotals {
    return this.accounts.totals(this.serving);
  }

  private reportersOf(settings: PlantSettings): readonly Reporter[] {
    const { name, seed, metricHours: keptHours, metricPeriodSeconds: periodSeconds } = settings;
    const cpuCap = 100 * burstOf(settings);
    const ecs = new EcsReporter(name, { seed, periodSeconds, keptHours, cpuCap }, this);
    if (this.serving instanceof QueueServing)
      return [ecs, new QueueReporter(settings.queue, this.serving, keptHours, this)];
    if (!settings.withLoadBalancer) return [ecs];
    return [ecs, new AlbReporter(name, workOf(settings.kind, settings.capacityPerTask), keptHours, this)];
  }
}

function fleetOf(settings: PlantSettings, events: ServiceEvents): Fleet {
  const { seed, startClass, withLoadBalancer, healthCheckIntervalSeconds } = settings;
  const nextLaunch = launches(seed, startClass, withLoadBalancer ? healthCheckIntervalSeconds : 0);
  return new Fleet({ ...settings, stopSeconds: STOP_SECONDS, nextLaunch, events }, settings.load.startsAt);
}

function servingOf(settings: PlantSettings, fleet: Fleet): Serving {
  const { servers, cpuAtCapacity } = TRAITS[settings.kind];
  const { capacityPerTask, timeoutSeconds } = settings;
  const options = { capacityPerTask, timeoutSeconds, cpuAtCapacity, burst: burstOf(settings) };
  if (settings.kind === 'queue') return new QueueServing(fleet, options, servers / capacityPerTask);
  return new BalancedServing(fleet, options);
}

function burstOf(settings: PlantSettings): number {
  return settings.launchType === 'EC2' ? EC2_BURST : 1;
}
