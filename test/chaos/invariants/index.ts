/** All of them, by name. */
import type { Run } from '../scheduler.ts';
import { asDecidedOnTheCommittedState, itLooksRightBefore, withinBounds } from './change.ts';
import { noEventIsLost } from './events.ts';
import { noScaleInOnUnknown, oneBurstIsAnsweredOnce, oneEvidenceActsOnce, ourWritesAreNotForeign } from './evidence.ts';
import {
  everySendIsAnnounced,
  nobodyWritesOverTheUnread,
  noTwoCallsAreInFlight,
  nothingIsSentAfterSendBy,
  openIntentsAreLeftAlone,
} from './intent.ts';
import type { Invariant } from './invariant.ts';
import {
  aCrashCostsAtMostAMinute,
  noCallOutlivesTheLease,
  nothingRunsPastTheHandler,
  oneHolderAtATime,
  oneHolderPerFence,
} from './lease.ts';
import { itComesToRest } from './rest.ts';

export const INVARIANTS = {
  oneHolderPerFence,
  oneHolderAtATime,
  aCrashCostsAtMostAMinute,
  nothingRunsPastTheHandler,
  noCallOutlivesTheLease,
  noEventIsLost,
  everySendIsAnnounced,
  nothingIsSentAfterSendBy,
  openIntentsAreLeftAlone,
  noTwoCallsAreInFlight,
  nobodyWritesOverTheUnread,
  withinBounds,
  asDecidedOnTheCommittedState,
  itLooksRightBefore,
  oneEvidenceActsOnce,
  oneBurstIsAnsweredOnce,
  noScaleInOnUnknown,
  ourWritesAreNotForeign,
  itComesToRest,
} as const satisfies Readonly<Record<string, Invariant>>;

export type InvariantName = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: InvariantName;
  readonly sentence: string;
}

export function violationsOf(run: Run): readonly Violation[] {
  return Object.entries(INVARIANTS).flatMap(([invariant, holds]) =>
    holds(run).map((sentence) => ({ invariant: invariant as InvariantName, sentence })),
  );
}
