/** Backtests for the page: two days that target tracking made, with an afternoon that was too much for it, and what came of them. */
import { parsePolicies } from '../../lib/policy/document/parse.ts';
import type { Backtested } from '../../lib/report/backtest/backtested.ts';
import { backtest } from '../../lib/sim/backtest/backtest.ts';
import { MODEL_SIGNALS } from '../../lib/sim/backtest/model-signals.ts';
import { diurnal, generate, noise, product, step } from '../../lib/sim/generate.ts';
import { recorded, scaledPlant, TRACKED } from '../sim/backtest/recorded.ts';
import { checkoutText } from '../support/policy-texts.ts';

const START = Date.UTC(2026, 0, 5);
const POLICY = checkoutText(`
capacity: { min: 2, max: 60 }
scaleOut:
  - { name: emergency, when: 'cpu > 85', addPercent: 60, trueFor: 1 of 1 }
  - { name: warm, when: 'cpu > 70', addPercent: 20, trueFor: 2 of 2 }
scaleIn: [{ name: calm, when: 'cpu < 50', remove: 1, trueFor: 5 of 5 }]`);

/** Overload told by what its target gives a task; it reads no CPU. */
export const TARGET_POLICY = checkoutText(`
capacity: { min: 2, max: 60 }
signals: { requests: { alb: RequestCount } }
targets: [{ signal: requests, perTask: 3600 }]`);

export interface Asked {
  readonly hours?: number;
  /** False: what scaled it cannot be replayed. */
  readonly scaled?: boolean;
  /** Counts that were not those of its policies. */
  readonly target?: number;
  readonly policyText?: string;
  /** Hours of which nobody counted the tasks. */
  readonly gap?: readonly [from: number, to: number];
}

export function aBacktest({
  hours = 48,
  scaled = true,
  target = 60,
  policyText = POLICY,
  gap,
}: Asked = {}): Backtested {
  const day = diurnal({ low: 200, high: 1500, peakHour: 15 });
  const shape = product(
    product(day, noise({ seed: 5, sigma: 0.08, everySeconds: 300 })),
    product(step({ atHour: 33, before: 1, after: 2.2 }), step({ atHour: 34, before: 1, after: 1 / 2.2 })),
  );
  const load = generate(shape, { name: 'days', hours, startsAt: START });
  const signals = {
    cpu: 'CPUUtilization',
    requests: 'RequestCount',
    [MODEL_SIGNALS.cpu]: 'CPUUtilization',
    [MODEL_SIGNALS.requests]: 'RequestCount',
  };
  const whole = recorded(scaledPlant(load, { tracking: { target } }), load, signals);
  const [from, to] = (gap ?? [0, 0]).map((hour) => START + hour * 3_600_000);
  const history = { ...whole, tasks: whole.tasks.filter(([at]) => at < (from ?? 0) || at >= (to ?? 0)) };
  const [policy] = parsePolicies([{ name: 'checkout.yaml', text: policyText }]).services;
  if (policy === undefined) throw new Error('the policy names a service');
  return {
    history,
    outcome: backtest(history, policy, scaled ? TRACKED : { policies: [] }),
    price: { dollarsPerHour: 0.05, why: '1 vCPU and 2 GB on Fargate, list price of us-east-1' },
    policy,
    ...{ policyFile: 'checkout.yaml', policyText, version: '0.1.0' },
  };
}
