/** What the service reports to CloudWatch, each kind on a period of its own. Nothing is reported for a period nobody knows. */
import type { EpochMs } from '../policy/policy.ts';
import type { Series } from './series.ts';
import type { Stretch } from './serving.ts';

/** Whose time decides what is published. */
export interface Clock {
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
