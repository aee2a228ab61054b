/** Means over families of workloads, which count alike, and how sure they are: traces are drawn again with replacement within each family. */
import { mean, quantileSorted } from 'simple-statistics';
import { stream, type Uniform } from '../../lib/sim/chance.ts';
import type { Measured } from './results.ts';

export interface MacroInterval {
  readonly mean: number;
  /** 95 %, of the traces there are. */
  readonly low: number;
  readonly high: number;
  /** Loads that have a value. */
  readonly loads: number;
}

const RESAMPLES = 1000;

/** Undefined without a value. The same values give the same interval. */
export function macroInterval(values: readonly Measured[]): MacroInterval | undefined {
  if (values.length === 0) return undefined;
  const families = [...Map.groupBy(values, ({ family }) => family).values()].map(traceMeans);
  const chance = stream(values.length, 'traces');
  const means = Array.from({ length: RESAMPLES }, () => mean(families.map((traces) => mean(drawn(traces, chance)))));
  means.sort((a, b) => a - b);
  return {
    mean: mean(families.map((traces) => mean(traces))),
    low: quantileSorted(means, 0.025),
    high: quantileSorted(means, 0.975),
    loads: values.length,
  };
}

/** The sizes of one trace are one draw: they share its load. */
function traceMeans(values: readonly Measured[]): number[] {
  const traces = Map.groupBy(values, ({ trace }) => trace);
  return [...traces.values()].map((own) => mean(own.map(({ value }) => value)));
}

function drawn(values: number[], chance: Uniform): number[] {
  return values.map(() => values[Math.floor(chance() * values.length)] ?? 0);
}
