/** Watches a run: adds up its scores, and takes its picture where one is wanted. */
import { quantileSorted } from 'simple-statistics';
import type { LedgerEntry } from '../../loop/ports.ts';
import type { EpochMs } from '../../policy/policy.ts';
import type { CountChange, Scores } from '../scores.ts';
import { type Elasticity, ElasticityTally } from '../scoring/elasticity.ts';
import { Reactions } from '../scoring/reactions.ts';
import { Tally } from '../scoring/tally.ts';
import type { PlantRow, PlantWatcher } from '../types.ts';
import { ColumnWriter, type RowColumns } from './row-columns.ts';
import type { Scenario } from './scenario.ts';

export interface RunScores extends Scores {
  /** Requests that waited longer than the service level allows, percent of all requests. */
  readonly overSloPct: number;
  /** Minutes in which more than 5 % of the requests did. */
  readonly minutesOverSloPct: number;
  /** From a step of the load to enough tasks in service for it; null where the load has no step. */
  readonly reactionSecondsP50: number | null;
  readonly reactionSecondsP95: number | null;
  /** Steps of the load that were scored. */
  readonly steps: number;
  /** On the bill. */
  readonly taskHours: number;
  readonly elasticity: Elasticity;
}

/** What a run did, for a picture of it. */
export interface PictureTaken {
  readonly columns: RowColumns;
  /** Changes of mind, oldest first; those that changed the count or tried to, and those that did not. */
  readonly said: readonly Said[];
}

/** `failed`: it asked for a change and did not get it. */
export interface Said {
  readonly at: EpochMs;
  readonly from: number;
  readonly to: number;
  readonly outcome: 'changed' | 'held' | 'failed';
  readonly sentence: string;
}

export interface RecorderOptions {
  readonly picturePoints?: number;
  readonly onProgress?: (done: number) => void;
}

export interface Recorded {
  readonly scores: RunScores;
  readonly picture?: PictureTaken;
}

/** More than a page could show. */
const MOST_SAID = 50_000;
const MINUTE_MS = 60_000;
/** Minutes between two words about progress. */
const PROGRESS_EVERY = 360;

export class Recorder implements PlantWatcher {
  private readonly scenario: Scenario;
  private readonly onProgress: ((done: number) => void) | undefined;
  private readonly minutes: number;
  private readonly tally = new Tally();
  private readonly elasticity = new ElasticityTally();
  private readonly reactions: Reactions;
  private readonly columns: ColumnWriter | undefined;
  private readonly said: Said[] = [];
  private rows = 0;

  constructor(scenario: Scenario, { picturePoints, onProgress }: RecorderOptions) {
    const { load } = scenario.plant;
    this.scenario = scenario;
    this.onProgress = onProgress;
    this.minutes = Math.ceil((load.endsAt - load.startsAt) / MINUTE_MS);
    this.reactions = new Reactions(scenario.steps, scenario.ratePerTaskInTime);
    this.columns = picturePoints === undefined ? undefined : new ColumnWriter(this.minutes, picturePoints);
  }

  stretch(from: EpochMs, _seconds: number, rate: number | null, inService: number): void {
    this.reactions.take(from, rate, inService);
  }

  row(row: PlantRow): void {
    this.columns?.take(row);
    if (++this.rows % PROGRESS_EVERY === 0) this.onProgress?.(Math.min(1, this.rows / this.minutes));
    if (row.at < this.scenario.scoredFrom) return;
    this.tally.take(row);
    if (row.load === null) this.elasticity.skip();
    else this.elasticity.take(this.demand(row.load), row.inService);
  }

  note({ at, decision, outcome, sentence, error }: LedgerEntry): void {
    if (this.columns === undefined || this.said.length >= MOST_SAID) return;
    const shown = outcome === 'changed' ? 'changed' : decision.action === 'hold' ? 'held' : 'failed';
    const trouble = shown !== 'failed' ? '' : ` [${outcome}${error === undefined ? '' : `: ${error}`}]`;
    this.said.push({ at, from: decision.from, to: decision.to, outcome: shown, sentence: `${sentence}${trouble}` });
  }

  /** @param changes of the desired count, in the order of time */
  finish(changes: readonly CountChange[]): Recorded {
    for (const change of changes) if (change.at >= this.scenario.scoredFrom) this.tally.takeChange(change);
    const scores = this.scores();
    if (this.columns === undefined) return { scores };
    return {
      scores,
      picture: { columns: this.columns.finish(), said: this.said.length > 0 ? this.said : plain(changes) },
    };
  }

  private scores(): RunScores {
    const { scenario, tally } = this;
    const seconds = [...this.reactions.finish(scenario.plant.load.endsAt)].sort((a, b) => a - b);
    const quantile = (p: number) => (seconds.length === 0 ? null : quantileSorted(seconds, p));
    return {
      ...tally.scores(scenario.oracleTaskSeconds),
      ...tally.lateness(),
      reactionSecondsP50: quantile(0.5),
      reactionSecondsP95: quantile(0.95),
      steps: seconds.length,
      taskHours: tally.billedTaskSeconds / 3600,
      elasticity: this.elasticity.result(),
    };
  }

  /** The fewest tasks that serve a load in time. */
  private demand(load: number): number {
    return Math.max(this.scenario.capacity.min, Math.ceil(load / this.scenario.ratePerTaskInTime - 1e-9));
  }
}

/** Who gives no reasons says at least what he did. */
function plain(changes: readonly CountChange[]): readonly Said[] {
  return changes.slice(0, MOST_SAID).map((change) => ({
    ...change,
    outcome: 'changed',
    sentence: `${change.from} → ${change.to}`,
  }));
}
