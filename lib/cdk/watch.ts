/** What an alarm is made of, and the usual ways to go off. */
import type { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

export interface Watch {
  readonly id: string;
  readonly says: string;
  /** Heading of the section in `docs/operations.md`, as an anchor. */
  readonly runbook: string;
  readonly metric: IMetric;
  readonly breach: Breach;
  /** `unwell`: services are not scaled as they should be. `attention`: somebody should look. */
  readonly means: 'unwell' | 'attention';
  /** A change of policies that sets it off is taken back. */
  readonly takesPoliciesBack?: boolean;
  /** Metric math, which emulators refuse. */
  readonly math?: boolean;
}

export interface Breach {
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  readonly periods: number;
  readonly breachingPeriods: number;
  readonly whenMissing: TreatMissingData;
}

export interface WatchedParts {
  readonly tick: IFunction;
  readonly deadLetters: Queue;
  /** The scaler's name in its metrics. */
  readonly scaler: string;
  /** US dollars a month that reading signals may cost. */
  readonly readCostLimit: number;
  /** How long an override may stand before somebody is reminded of it. */
  readonly overrideReminder: Duration;
}

export const AT_ONCE: Breach = {
  threshold: 1,
  comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  periods: 1,
  breachingPeriods: 1,
  whenMissing: TreatMissingData.NOT_BREACHING,
};
/** One tick that fails is made good by the next; two of five are a pattern. */
export const TWO_OF_FIVE: Breach = { ...AT_ONCE, periods: 5, breachingPeriods: 2 };
export const allOf = (periods: number): Breach => ({ ...AT_ONCE, periods, breachingPeriods: periods });
