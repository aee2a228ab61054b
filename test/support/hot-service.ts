/** A service that is too hot, and the policy that sees it: two tasks, and four after one tick. */
import { createPlant } from '../../lib/sim/plant.ts';
import type { Load, Plant } from '../../lib/sim/types.ts';
import { checkoutText } from './policy-texts.ts';

export const HOT_POLICY = checkoutText(`
scaleOut: [{ name: busy, when: 'cpu > 70', add: 2, trueFor: 2 of 3 }]
scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1, trueFor: 10 of 10 }]`);

/** Two tasks at nine tenths of what they can take, for the last quarter of an hour. */
export function hotPlant(now: number): Plant {
  const load: Load = {
    ...{ name: 'hot', startsAt: now - 15 * 60_000, endsAt: now + 60_000, stepSeconds: 60 },
    rateAt: () => 180,
  };
  const plant = createPlant({ load, seed: 1, desired: 2, capacityPerTask: 100 });
  plant.advanceTo(now);
  return plant;
}
