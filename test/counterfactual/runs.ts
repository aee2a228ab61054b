/** A policy that really acts on a plant, and the same policy in shadow beside another scaler, on the same load and the same chance. */
import type { Tally } from '../../lib/counterfactual/tally.ts';
import { memoryStore } from '../../lib/loop/memory-store.ts';
import type { LedgerEntry } from '../../lib/loop/ports.ts';
import type { Peer } from '../../lib/sim/peers/peer.ts';
import { createPlant, type PlantOptions } from '../../lib/sim/plant.ts';
import { simulate } from '../../lib/sim/simulate.ts';
import type { Load, Plant } from '../../lib/sim/types.ts';
import { checkoutPolicies } from '../support/policy-texts.ts';

export interface Run {
  readonly plant: Partial<PlantOptions>;
  readonly load: Load;
  /** Lines of the one service's policy, without its mode. */
  readonly policy: readonly string[];
}

/** What scales the real service while ours is in shadow; called every minute. */
export type Other = (plant: Plant) => void;

export const nobody: Other = () => undefined;

/** A peer of the catalogue, asked every minute. */
export function peer(one: Peer): Other {
  return (plant) => {
    const capacity = { min: 2, max: 100 };
    const wanted = one.decide({
      now: plant.now,
      service: plant.view(),
      metrics: plant.metrics(),
      sample: null,
      capacity,
    });
    if (wanted !== undefined) plant.setDesiredCount(Math.min(capacity.max, Math.max(capacity.min, wanted)));
  };
}

export interface Outcome {
  /** Desired after each tick. */
  readonly counts: readonly number[];
  readonly entries: readonly LedgerEntry[];
  readonly overloadedMinutes: number;
  readonly taskHours: number;
}

/** Minutes whose published CPU, with the noise of its measurement, is above 90 %: the same evidence that a shadow has. */
function overloadedMinutes(plant: Plant): number {
  const cpu = plant.metrics().find(({ name }) => name === 'CPUUtilization');
  const points = cpu?.datapoints(0, Number.POSITIVE_INFINITY) ?? [];
  return points.filter(({ sum, count }) => sum / count > 90).length;
}

export async function act(run: Run): Promise<Outcome> {
  const plant = createPlant({ load: run.load, seed: 1, metricHours: 'all', ...run.plant });
  const entries: LedgerEntry[] = [];
  await simulate({
    policies: checkoutPolicies('mode: act', ...run.policy),
    plant,
    endsAt: run.load.endsAt,
    onEntry: (entry) => entries.push(entry),
  });
  const rows = plant.rows();
  return {
    counts: entries.map(({ decision }) => decision.to),
    entries,
    overloadedMinutes: overloadedMinutes(plant),
    taskHours: rows.reduce((sum, { running }) => sum + running, 0) / 60,
  };
}

export interface Shadowed extends Outcome {
  readonly tally: Tally;
  /** Desired of the real service after each tick. */
  readonly real: readonly number[];
}

export async function shadow(run: Run, other: Other): Promise<Shadowed> {
  const plant = createPlant({ load: run.load, seed: 1, ...run.plant });
  const entries: LedgerEntry[] = [];
  const store = memoryStore();
  await simulate({
    policies: checkoutPolicies('mode: shadow', ...run.policy),
    plant,
    endsAt: run.load.endsAt,
    store,
    meanwhile: other,
    onEntry: (entry) => entries.push(entry),
  });
  const [tally] = Object.values((await store.loadRings('0', new AbortController().signal)).tallies ?? {});
  if (tally === undefined) throw new Error('nothing was scored');
  return {
    counts: entries.map(({ decision }) => decision.to),
    real: entries.map(({ real }) => real?.desired ?? Number.NaN),
    entries,
    tally,
    overloadedMinutes: tally.ours.overloadedSeconds / 60,
    taskHours: tally.ours.taskSeconds / 3600,
  };
}

/** Mean of |a − b| over the mean of b. */
export function meanDistance(a: readonly number[], b: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return sum(a.map((value, index) => Math.abs(value - (b[index] ?? 0)))) / sum(b);
}
