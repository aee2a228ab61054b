/** How fast the count may move. */
import type { Duration } from 'aws-cdk-lib';

export type PacePreset = 'fast' | 'normal' | 'slow';

/** A preset, or what differs from one. */
export type PaceProps = PacePreset | WrittenPaceProps;

export interface WrittenPaceProps {
  /**
   * Says what is left away here.
   * @default 'normal'
   */
  readonly preset?: PacePreset;
  /**
   * From the moment AWS said yes. `verified`: until the capacity is in service and one settled period has passed.
   * @default - the preset's
   */
  readonly cooldown?: Duration | 'verified';
  /**
   * Scaling in, the largest wish of this window counts; scaling out, the smallest.
   * @default - the preset's
   */
  readonly stabilization?: Duration;
  /**
   * At most so much change within `per`.
   * @default - the preset's
   */
  readonly upTo?: { readonly percent?: number; readonly tasks?: number };
  /**
   * Which of the two limits counts.
   * @default 'larger'
   */
  readonly pick?: 'larger' | 'smaller';
  /**
   * The time that `upTo` is about.
   * @default - the preset's
   */
  readonly per?: Duration;
}
