/** What a report of a backtest is made of; the terminal and the page read the same. */
import type { Backtest } from '../../sim/backtest/backtest.ts';
import type { History } from '../../sim/backtest/history.ts';
import type { PolicyShown } from '../run.ts';

/** What an hour of one running task costs. */
export interface TaskPrice {
  readonly dollarsPerHour: number;
  /** Where the figure is from, as a clause: `0.25 vCPU and 0.5 GB on Fargate, list price of us-east-1`. */
  readonly why: string;
}

export interface Backtested {
  readonly history: History;
  readonly outcome: Backtest;
  readonly price: TaskPrice;
  readonly policy: PolicyShown;
  /** The file as the operator wrote it. */
  readonly policyFile: string;
  readonly policyText: string;
  /** Of Schmitt. */
  readonly version: string;
}
