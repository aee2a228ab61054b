/** A condition evaluated over signals that the test writes down: one number, or a list of them, oldest first, one a minute. */
import { compileCondition, frameOf } from '../../lib/policy/condition.ts';
import type { Truth } from '../../lib/policy/decision.ts';
import { gridOf } from '../../lib/policy/grid.ts';
import type { Datapoint, Reading } from '../../lib/policy/observation.ts';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import { type Window, windowOf } from '../../lib/policy/series.ts';
import { FALSE, TRUE } from '../../lib/policy/ternary.ts';
import { cpu, policy, rps } from './policies.ts';
import { MINUTE, steady, T0 } from './story.ts';

/** null: no datapoint in that minute; `unknown`: the source failed. */
export type Values = number | 'unknown' | readonly (number | null)[];

export function windowWith(
  signals: Readonly<Record<string, Values>>,
  specs: Readonly<Record<string, SignalSpec>> = {},
): Window {
  const readings: Record<string, Reading> = {};
  const declared: Record<string, SignalSpec> = {};
  for (const [name, values] of Object.entries(signals)) {
    declared[name] = specs[name] ?? (name === 'cpu' ? cpu : rps);
    readings[name] = values === 'unknown' ? FAILED : complete(typeof values === 'number' ? [values] : values);
  }
  return windowOf(policy({ signals: declared }), { service: steady(4), signals: readings }, T0 + 55_000);
}

const FAILED: Reading = { status: 'failed', periodSeconds: 60, values: [] };

function complete(values: readonly (number | null)[]): Reading {
  const points = values.flatMap((value, index): Datapoint[] =>
    value === null ? [] : [[T0 - (values.length - index) * MINUTE, value]],
  );
  return { status: 'complete', periodSeconds: 60, values: points };
}

export function truthOf(
  expression: string,
  signals: Readonly<Record<string, Values>>,
  specs: Readonly<Record<string, SignalSpec>> = {},
): Truth {
  const window = windowWith(signals, specs);
  const condition = compileCondition(expression, Object.keys(signals));
  const { newestCell, cellMs } = gridOf(window, condition.signals);
  const truth = condition.evaluate(frameOf(window, condition.signals, newestCell, cellMs));
  return truth === TRUE ? 'T' : truth === FALSE ? 'F' : '?';
}
