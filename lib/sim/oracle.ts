/**
 * The clairvoyant oracle: the cheapest plan without overload under the plant's own physics. It knows the whole load beforehand; its
 * tasks take as long to start as 95 % of all do, and are billed from the image pull to the end of draining.
 *
 * Without overload means: at every moment at least need(t) = ⌈load(t) ÷ capacity per task⌉ tasks are in service.
 *
 * Algorithm. Take need(t) apart into levels: level k is needed while need(t) ≥ k. Tasks are alike, so a plan pays for running time
 * and a charge for each start and each end (the billed part of starting; draining). Running time is the sum over levels, and so are the
 * starts: the count's total rise is the sum of the rises of its levels. Hence each level is decided alone: between two stretches in which
 * it is needed it stays up and pays the pause, or stops and pays draining and a start; the cheaper is taken. The work is one step for
 * every task that need(t) rises or falls by.
 *
 * Why it is a bound. A plan without overload has at least need(t) tasks in service, so each level of its count covers that level's
 * stretches, and joining stretches where that is cheaper is the least such a cover can cost. The plant charges every policy the same:
 * whoever wants a task there with 95 % certainty orders it as early; draining is the same; tasks that are there at the beginning cost
 * nobody a start, and nobody pays for what drains after the end. The minimum minute never adds to it: starting and stopping alone are
 * billed 40 s, so any life of 20 s in service is beyond it. Two limits: a policy may be lucky and order later than the p95, which saves
 * it some seconds of billed start-up for a start (little beside draining); and where load steps are shorter than 20 s and nothing drains,
 * the oracle leaves the rest of the minute out and is a little too cheap.
 *
 * In a gap of the load nothing is needed and nothing counts.
 */
import type { EpochMs } from '../policy/policy.ts';
import { type PlantOptions, plantSettings, STOP_SECONDS } from './plant.ts';
import { INTERFACE_SECONDS, startSecondsQuantile } from './starting.ts';
import type { Load } from './types.ts';

/** What the oracle must know of the plant: pass the plant's own options. */
export type OracleOptions = Pick<
  PlantOptions,
  | 'load'
  | 'kind'
  | 'capacityPerTask'
  | 'startClass'
  | 'healthCheckIntervalSeconds'
  | 'deregistrationDelaySeconds'
  | 'withLoadBalancer'
> & {
  /** It keeps at least so many tasks, as a policy's lower bound makes it. Default 0. */
  readonly minTasks?: number;
};

export interface OraclePlan {
  /** Most tasks in service within each minute. Null in a gap of the load. */
  readonly minutes: readonly { readonly at: EpochMs; readonly inService: number | null }[];
  /** Outside the gaps, from the beginning of the load to its end. */
  readonly billedTaskSeconds: number;
  readonly starts: number;
}

/** What a start and an end of a task add to its time in service, in billed seconds. */
export interface TaskCharges {
  readonly startSeconds: number;
  readonly drainSeconds: number;
}

const MINUTE_MS = 60_000;

export function planOracle(options: OracleOptions): OraclePlan {
  const { load, capacityPerTask } = plantSettings({ ...options, seed: 0 });
  const needs = needsOf(load, capacityPerTask, options.minTasks ?? 0);
  return cheapestPlan(needs, taskCharges(options));
}

export function taskCharges(options: Omit<OracleOptions, 'load'>): TaskCharges {
  const settings = plantSettings({ ...options, load: NO_LOAD, seed: 0 });
  const { startClass, withLoadBalancer, healthCheckIntervalSeconds, deregistrationDelaySeconds } = settings;
  const start = startSecondsQuantile(startClass, withLoadBalancer ? healthCheckIntervalSeconds : 0, 0.95);
  const attach = (INTERFACE_SECONDS.least + INTERFACE_SECONDS.most) / 2;
  return {
    startSeconds: start - attach,
    drainSeconds: (withLoadBalancer ? deregistrationDelaySeconds : 0) + STOP_SECONDS,
  };
}

const NO_LOAD: Load = { name: '', startsAt: 0, endsAt: 0, stepSeconds: 60, rateAt: () => null };

/** The count needed over time: `counts[i]` from `edges[i]` to `edges[i + 1]`, null in a gap. */
export interface Needs {
  readonly edges: readonly EpochMs[];
  readonly counts: readonly (number | null)[];
}

/** A minute with a gap in it is unknown as a whole, as it is in the plant's rows. */
function needsOf(load: Load, capacityPerTask: number, minTasks: number): Needs {
  const stepMs = load.stepSeconds * 1000;
  const edges: EpochMs[] = [];
  const counts: (number | null)[] = [];
  let minuteFrom = 0;
  for (let at = load.startsAt; at < load.endsAt; at = nextEdge(at, load.startsAt, stepMs, load.endsAt)) {
    if (at % MINUTE_MS === 0) minuteFrom = counts.length;
    const rate = load.rateAt(at);
    edges.push(at);
    // A hair of tolerance: 1200 ÷ 60 must not become 21 by rounding.
    counts.push(rate === null ? null : Math.max(minTasks, Math.ceil(rate / capacityPerTask - 1e-9)));
    if (counts.slice(minuteFrom).includes(null)) counts.fill(null, minuteFrom);
  }
  edges.push(load.endsAt);
  return { edges, counts };
}

/** Steps of the load and minutes of the clock. */
function nextEdge(at: EpochMs, startsAt: EpochMs, stepMs: number, endsAt: EpochMs): EpochMs {
  const step = startsAt + (Math.floor((at - startsAt) / stepMs) + 1) * stepMs;
  const minute = (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;
  return Math.min(step, minute, endsAt);
}

export function cheapestPlan({ edges, counts }: Needs, charges: TaskCharges): OraclePlan {
  const known = new KnownTime(edges, counts);
  const plan = new LevelPlan(edges, known, charges);
  let height = 0;
  for (let i = 0; i < counts.length; i++) {
    const need = counts[i] ?? 0;
    for (; height < need; height++) plan.open(height, i);
    for (; height > need; height--) plan.close(height - 1, i);
  }
  for (; height > 0; height--) plan.close(height - 1, counts.length);
  return plan.finish(counts);
}

/** Seconds outside the gaps between two moments. */
class KnownTime {
  private readonly edges: readonly EpochMs[];
  private readonly upTo: Float64Array;

  constructor(edges: readonly EpochMs[], counts: readonly (number | null)[]) {
    this.edges = edges;
    this.upTo = new Float64Array(edges.length);
    for (let i = 0; i < counts.length; i++) {
      const seconds = counts[i] === null ? 0 : ((edges[i + 1] ?? 0) - (edges[i] ?? 0)) / 1000;
      this.upTo[i + 1] = (this.upTo[i] ?? 0) + seconds;
    }
  }

  betweenEdges(from: number, to: number): number {
    return (this.upTo[to] ?? 0) - (this.upTo[from] ?? 0);
  }

  /** Of the `seconds` before an edge, not before the beginning. */
  before(edge: number, seconds: number): number {
    let from = edge;
    const earliest = (this.edges[edge] ?? 0) - seconds * 1000;
    while (from > 0 && (this.edges[from - 1] ?? 0) >= earliest) from--;
    const part = from > 0 ? this.part(from - 1, ((this.edges[from] ?? 0) - earliest) / 1000) : 0;
    return this.betweenEdges(from, edge) + part;
  }

  /** Of the `seconds` after an edge, not after the end. */
  after(edge: number, seconds: number): number {
    let to = edge;
    const latest = (this.edges[edge] ?? 0) + seconds * 1000;
    while (to < this.edges.length - 1 && (this.edges[to + 1] ?? 0) <= latest) to++;
    const part = to < this.edges.length - 1 ? this.part(to, (latest - (this.edges[to] ?? 0)) / 1000) : 0;
    return this.betweenEdges(edge, to) + part;
  }

  private part(segment: number, seconds: number): number {
    return this.betweenEdges(segment, segment + 1) > 0 ? seconds : 0;
  }
}

/** The levels as they open and close, and what each decision costs. */
class LevelPlan {
  private readonly edges: readonly EpochMs[];
  private readonly known: KnownTime;
  private readonly charges: TaskCharges;
  /** Changes of the count at each edge. */
  private readonly changes: Int32Array;
  /** By level: where it opened, and the edge at which its need last ended (-1: never yet). */
  private readonly openedAt: number[] = [];
  private readonly closedAt: number[] = [];
  private seconds = 0;
  private starts = 0;

  constructor(edges: readonly EpochMs[], known: KnownTime, charges: TaskCharges) {
    this.edges = edges;
    this.known = known;
    this.charges = charges;
    this.changes = new Int32Array(edges.length);
  }

  /** A level is needed from this edge on: it has stayed up since its last stretch, or is started. */
  open(level: number, edge: number): void {
    const closed = this.closedAt[level];
    if (closed !== undefined) {
      const stay = this.known.betweenEdges(closed, edge);
      const stop = this.known.after(closed, this.charges.drainSeconds);
      const start = this.known.before(edge, this.charges.startSeconds);
      if (stay <= stop + start) {
        this.closedAt[level] = edge;
        return;
      }
      this.endLevel(level, closed);
    }
    this.openedAt[level] = edge;
    this.closedAt[level] = edge;
  }

  close(level: number, edge: number): void {
    this.closedAt[level] = edge;
  }

  /** The level stops at an edge and pays for the whole time since its start. */
  private endLevel(level: number, edge: number): void {
    const { known, charges } = this;
    const opened = this.openedAt[level] ?? 0;
    const first = opened === 0;
    const before = known.before(opened, charges.startSeconds);
    const after = known.after(edge, charges.drainSeconds);
    const billed = before + known.betweenEdges(opened, edge) + after;
    this.seconds += billed;
    this.starts += first ? 0 : 1;
    this.changes[opened] = (this.changes[opened] ?? 0) + 1;
    this.changes[edge] = (this.changes[edge] ?? 0) - 1;
  }

  finish(counts: readonly (number | null)[]): OraclePlan {
    for (let level = 0; level < this.openedAt.length; level++) this.endLevel(level, this.closedAt[level] ?? 0);
    const minutes: { at: EpochMs; inService: number | null }[] = [];
    let inService = 0;
    for (let i = 0; i < counts.length; i++) {
      inService += this.changes[i] ?? 0;
      const at = Math.floor((this.edges[i] ?? 0) / MINUTE_MS) * MINUTE_MS;
      const shown = counts[i] === null ? null : inService;
      const last = minutes.at(-1);
      if (last?.at !== at) minutes.push({ at, inService: shown });
      else if (last.inService !== null && shown !== null) last.inService = Math.max(last.inService, shown);
    }
    return { minutes, billedTaskSeconds: this.seconds, starts: this.starts };
  }
}
