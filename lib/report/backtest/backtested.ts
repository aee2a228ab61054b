/** What a report of a backtest is made of; the terminal and the page read the same. */
import type { Backtest } from '../../sim/backtest/backtest.ts';
import type { History } from '../../sim/backtest/history.ts';
import type { PolicyShown } from '../run.ts';

export interface Backtested {
  readonly history: History;
  readonly outcome: Backtest;
  readonly dollarsPerTaskHour: number;
  readonly policy: PolicyShown;
  /** The file as the operator wrote it. */
  readonly policyFile: string;
  readonly policyText: string;
  /** Of Schmitt. */
  readonly version: string;
}
