/** What main thread and handler thread say to each other. */
import type { TickReport } from '../loop/tick-request.ts';
import type { EpochMs, PolicySet } from '../policy/policy.ts';

export interface HandlerSetup {
  readonly policies: PolicySet;
  readonly region: string;
  readonly accountId: string;
  readonly tableName: string;
  readonly endpoint: string;
  readonly dynamoEndpoint: string;
}

/** One invocation: the clock stands at `now` for all of it. */
export interface Invocation {
  readonly now: EpochMs;
  readonly event: { readonly shard: string; readonly scheduledAt: string };
}

/** `ms`: real time inside the handler; `awsMs`: of it, while a call to the cloud was under way. */
export interface Answered {
  readonly report: TickReport;
  readonly ms: number;
  readonly awsMs: number;
}

export type Answer =
  | ({ readonly kind: 'report' } & Answered)
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string };
