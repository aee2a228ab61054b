/** The port to the sources of signals. */
import type { Reading } from '../../policy/observation.ts';
import type { EpochMs, ServiceName, SignalSpec } from '../../policy/policy.ts';

/** One signal of one service, over the last `periods` settled periods before `now`. */
export interface SignalQuery extends ServiceName {
  readonly name: string;
  readonly spec: SignalSpec;
  readonly periods: number;
  /** ARNs of the service's target groups, as its description has them; only sources that are read by target group look at them. */
  readonly targetGroups?: readonly string[];
}

export interface Signals {
  /**
   * Answers in the order of the queries, one reading each, in as few calls as the source allows; the same question is asked once.
   * A source that fails for one query answers `failed`, `forbidden` or `partial` for that query and still serves the others.
   * Values are settled (period end + publication delay <= now) and scaled to the unit the policy sees.
   */
  read(queries: readonly SignalQuery[], now: EpochMs, abort: AbortSignal): Promise<readonly Reading[]>;
}
