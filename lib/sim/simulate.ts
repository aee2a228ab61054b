/**
 * The real `tick()` over a plant, a turn at a time in virtual time: the plant goes on to the moment of the tick, the tick decides on what
 * is published by then, and what it changes takes effect afterwards.
 */
import { memoryOverrides } from '../loop/memory-overrides.ts';
import { memoryPolicies } from '../loop/memory-policies.ts';
import type { LedgerEntry, Ports, Store } from '../loop/ports.ts';
import { tick } from '../loop/tick.ts';
import type { EpochMs, Override, PolicySet } from '../policy/policy.ts';
import { plantClock, plantServices, plantsOf, SIMULATED_ACCOUNT } from './plant-ports.ts';
import { plantSignals } from './plant-signals.ts';
import type { CountChange } from './scores.ts';
import type { Plant, PlantRow } from './types.ts';
import { valueStore } from './value-store.ts';

export interface SimulateOptions {
  /** Its service is the one this plant is; groups and tags are as `tick()` treats them. */
  readonly policies: PolicySet;
  readonly plant: Plant;
  readonly endsAt: EpochMs;
  /** Default 60. */
  readonly tickSeconds?: number;
  /** How long after the minute the schedule fires. Default 3. */
  readonly lateSeconds?: number;
  readonly overrides?: readonly Override[];
  /** Called before each tick, at its moment: deployments, other people's changes. */
  readonly meanwhile?: (plant: Plant) => void;
  /** Default: one that keeps values as they are, not as text. */
  readonly store?: Store;
  /** Called with what each tick said, in the order of time. A month has tens of thousands: only who needs them keeps them. */
  readonly onEntry?: (entry: LedgerEntry) => void;
  /** Called with changes of mind only, as the ledger is. */
  readonly onNews?: (entry: LedgerEntry) => void;
}

export interface Simulated {
  readonly rows: readonly PlantRow[];
  readonly changes: readonly CountChange[];
}

/** Rejects where a tick throws. */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { plant, endsAt, tickSeconds = 60, lateSeconds = 3, onEntry } = options;
  const ports = portsOf(options);
  const { signal: abort } = new AbortController();
  const sentences = onEntry !== undefined ? 'all' : options.onNews === undefined ? 'none' : 'news';
  const request = { shard: '0', account: SIMULATED_ACCOUNT, remainingMs: () => 30_000, abort, sentences } as const;
  const changes: CountChange[] = [];
  let turn = 0;
  for (let scheduledAt = plant.now; scheduledAt < endsAt; scheduledAt += tickSeconds * 1000) {
    plant.advanceTo(Math.min(endsAt, scheduledAt + lateSeconds * 1000));
    options.meanwhile?.(plant);
    const report = await tick(ports, { ...request, owner: `turn ${turn++}`, scheduledAt });
    if (report.kind === 'busy') throw new Error(`the shard is held by ${report.owner}, although turns do not overlap`);
    for (const entry of report.entries) {
      onEntry?.(entry);
      const { at, outcome, decision } = entry;
      if (outcome === 'changed') changes.push({ at, from: decision.from, to: decision.to });
    }
  }
  plant.advanceTo(endsAt);
  return { rows: plant.rows(), changes };
}

/** The ledger keeps nothing: whoever wants its entries is told. */
function portsOf({ plant, policies, overrides = [], store = valueStore(), onNews }: SimulateOptions): Ports {
  const plants = plantsOf([plant]);
  return {
    clock: plantClock(plant),
    policies: memoryPolicies(policies),
    overrides: memoryOverrides(overrides),
    signals: plantSignals(plants),
    services: plantServices(plants),
    store,
    ledger: {
      async record(entries, abort) {
        abort.throwIfAborted();
        if (onNews !== undefined) entries.forEach(onNews);
      },
    },
  };
}
