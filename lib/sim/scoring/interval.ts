/** How sure a mean is. */
import { mean, quantileSorted, sampleWithReplacement } from 'simple-statistics';
import { stream } from '../chance.ts';

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;

/** The mean of some values and its bootstrap interval of 95 %. The same values give the same interval. Undefined without a value. */
export function bootstrap(values: readonly number[]): Interval | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  const found = mean([...values]);
  if (values.every((value) => value === first)) return { mean: found, low: first, high: first };
  const chance = stream(values.length, 'bootstrap');
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(sampleWithReplacement([...values], values.length, chance)),
  );
  means.sort((a, b) => a - b);
  return { mean: found, low: quantileSorted(means, 0.025), high: quantileSorted(means, 0.975) };
}
