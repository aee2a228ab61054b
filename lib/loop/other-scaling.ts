/** What else scales services, and what of it was suspended for us: the ports of `schmitt takeover` and of the hourly checks. */
import type { OtherScaling, SuspendedState } from '../policy/headroom/other-scaling.ts';
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import type { SaveOutcome } from './ports.ts';

/** Application Auto Scaling, as far as we touch it. */
export interface OtherScalings {
  /** In the order asked; undefined: the service is not registered, so nothing of it moves the service. */
  read(names: readonly ServiceName[], abort: AbortSignal): Promise<readonly (OtherScaling | undefined)[]>;
  /** Bounds and policies stay as they are. `absent`: it is not registered, and nothing was done. */
  suspend(name: ServiceName, state: SuspendedState, abort: AbortSignal): Promise<'done' | 'absent'>;
}

/** Written before anything is suspended: how to give back. */
export interface Takeover {
  readonly how: 'all' | 'backstop';
  /** As it was before the first takeover. */
  readonly before: SuspendedState;
  readonly owner: string;
  readonly at: EpochMs;
}

export interface LoadedTakeover {
  /** 0 where there never was one. */
  readonly rev: number;
  /** Absent: it is not taken over. */
  readonly takeover?: Takeover;
}

export interface Takeovers {
  /** By the service's ARN. Throws where the record is of no format that this version reads. */
  load(arn: string, abort: AbortSignal): Promise<LoadedTakeover>;
  /** Conditional on `rev`. Undefined: it was given back. */
  save(arn: string, takeover: Takeover | undefined, rev: number, abort: AbortSignal): Promise<SaveOutcome>;
}
