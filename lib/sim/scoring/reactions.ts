import type { EpochMs } from '../../policy/policy.ts';

/** Slower than this counts as this. */
const MOST_SECONDS = 3600;

/** How long after each step of the load so many tasks are in service again that its requests are served in time. 0: they were there. */
export class Reactions {
  /** Of the steps so far. */
  readonly seconds: number[] = [];
  private readonly steps: readonly EpochMs[];
  private readonly ratePerTask: number;
  private next = 0;
  private waitingSince: EpochMs | undefined;

  /** @param ratePerTask requests per second that one task serves in time */
  constructor(steps: readonly EpochMs[], ratePerTask: number) {
    this.steps = steps;
    this.ratePerTask = ratePerTask;
  }

  /** Stretches in the order of time, none across a step. */
  take(from: EpochMs, rate: number | null, inService: number): void {
    if (from >= (this.steps[this.next] ?? Number.POSITIVE_INFINITY)) {
      if (this.waitingSince !== undefined) this.end(from);
      this.waitingSince = this.steps[this.next++];
    }
    if (this.waitingSince !== undefined && (rate ?? 0) <= inService * this.ratePerTask) this.end(from);
  }

  /** Nothing comes after `at`. */
  finish(at: EpochMs): readonly number[] {
    if (this.waitingSince !== undefined) this.end(at);
    return this.seconds;
  }

  private end(at: EpochMs): void {
    this.seconds.push(Math.min(MOST_SECONDS, (at - (this.waitingSince ?? at)) / 1000));
    this.waitingSince = undefined;
  }
}
