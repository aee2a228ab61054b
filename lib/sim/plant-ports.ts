/**
 * The clock and the services of one tick over plants in the same process. Nothing of the future passes through here: a plant knows no
 * later load than that of its own moment.
 */
import { type Account, arnOf } from '../loop/account.ts';
import type { Clock, DescribedService, Services } from '../loop/ports.ts';
import type { ServiceName } from '../policy/policy.ts';
import type { Plant, PlantView } from './types.ts';

export const SIMULATED_ACCOUNT: Account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

/** Plants by the service each of them is. */
export type Plants = ReadonlyMap<string, Plant>;

export function plantsOf(plants: readonly Plant[]): Plants {
  return new Map(plants.map((plant) => [keyOf(plant.view()), plant]));
}

export function keyOf({ cluster, service }: ServiceName): string {
  return `${cluster}/${service}`;
}

/** Shows the time of a plant. */
export function plantClock(plant: Plant): Clock {
  return { now: () => plant.now };
}

/** The plant that a name means; the same names come at every tick. */
export function plantFinder(plants: Plants): (name: ServiceName) => Plant | undefined {
  const found = new WeakMap<ServiceName, Plant>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const plant = plants.get(keyOf(name));
    if (plant !== undefined) found.set(name, plant);
    return plant;
  };
}

export function plantServices(plants: Plants, account: Account = SIMULATED_ACCOUNT): Services {
  const find = plantFinder(plants);
  const shown = new WeakMap<PlantView, DescribedService>();
  const describe = (view: PlantView): DescribedService => {
    const known = shown.get(view);
    if (known !== undefined) return known;
    const fresh = described(view, arnOf(account, view));
    shown.set(view, fresh);
    return fresh;
  };
  return {
    async describe(names, abort) {
      abort.throwIfAborted();
      return names.map((name) => {
        const plant = find(name);
        if (plant === undefined) return { kind: 'missing', cause: `there is no simulated service ${keyOf(name)}` };
        return describe(plant.view());
      });
    },
    async setDesiredCount(name, desiredCount, abort) {
      if (abort.aborted) return { kind: 'retryable', error: 'AbortError', message: 'nothing was sent', unknown: false };
      const plant = plants.get(keyOf(name));
      if (plant === undefined) {
        return { kind: 'refused', error: 'ServiceNotFoundException', message: 'Service not found.' };
      }
      if (!Number.isInteger(desiredCount) || desiredCount < 0) {
        return { kind: 'refused', error: 'InvalidParameterException', message: 'desiredCount must not be negative.' };
      }
      plant.setDesiredCount(desiredCount);
      return { kind: 'accepted' };
    },
  };
}

function described(view: PlantView, arn: string): DescribedService {
  const { status, schedulingStrategy, desired, running, pending, deployments } = view;
  const deploying = deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  return { kind: 'found', arn, status, schedulingStrategy, desired, running, pending, deploying };
}
