/** Everything that the scalers of one run share, and the record of what really happened there. */
import { arnOf } from '../../lib/loop/account.ts';
import { memoryLeases } from '../../lib/loop/memory-leases.ts';
import { memoryStore } from '../../lib/loop/memory-store.ts';
import type {
  Lease,
  LoadedService,
  ServiceDescription,
  ShardRings,
  Store,
  StoredService,
} from '../../lib/loop/ports.ts';
import type { TickReport } from '../../lib/loop/tick-request.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import type { EpochMs, Override, PolicySet } from '../../lib/policy/policy.ts';
import { ACCOUNT, STARTS_AT } from './account.ts';
import { type Plant, plant } from './plant.ts';
import { type Kind, policyOf, SERVICES } from './policies.ts';
import type { Happening, Scenario, TickPlan } from './scenario.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** One invocation of `tick()`, and what it was told. */
export interface Actor {
  readonly name: string;
  readonly plan: TickPlan;
  readonly skewMs: number;
  /** True time. */
  readonly startedAt: EpochMs;
  readonly abort: AbortController;
  /** `dead`: stopped between two steps, and nothing of it goes on. */
  state: 'running' | 'dead' | 'ended';
  endedAt?: EpochMs;
  calls: number;
  /** Of those, not answered yet. */
  open: number;
  frozenUntil: EpochMs;
  lease?: Lease;
  report?: TickReport;
  /** In its present turn: one that events keep going on has several. */
  heard: Heard;
}

/** As the ports answered, whatever a wrapper above them made of it. */
export interface Heard {
  /** The moment it decides for, by its own clock. */
  now?: EpochMs;
  set?: PolicySet;
  overrides?: readonly Override[];
  stored?: ReadonlyMap<string, LoadedService>;
  rings?: ShardRings;
  described?: ReadonlyMap<string, ServiceDescription>;
  /** By ARN, then by signal. */
  readings?: ReadonlyMap<string, Readonly<Record<string, Reading>>>;
}

/** All times are true, but `clock`, which is the actor's own. */
export type Happened = Fact & { readonly at: EpochMs; readonly actor: Actor };

export type Fact =
  | { readonly kind: 'held'; readonly lease: Lease }
  | { readonly kind: 'busy'; readonly owner: string }
  | { readonly kind: 'died' | 'loaded' }
  /** `forgets`: the inbox up to there, where it was the holder. */
  | { readonly kind: 'released'; readonly forgets: boolean }
  | { readonly kind: 'looked'; readonly arns: readonly string[] }
  | { readonly kind: 'posted'; readonly id: string; readonly arn: string }
  /** Of events, by their ids. */
  | { readonly kind: 'heard'; readonly ids: readonly string[] }
  | Committed
  | Sent
  | { readonly kind: 'failed'; readonly what: string; readonly failure: string }
  /** `open`: calls of it that nobody waited for. */
  | { readonly kind: 'ended'; readonly open: number; readonly fault?: string };

export interface Committed {
  readonly kind: 'committed';
  readonly arn: string;
  readonly rev: number;
  readonly value: StoredService;
  readonly clock: EpochMs;
}

export interface Sent {
  readonly kind: 'sent';
  readonly arn: string;
  readonly count: number;
  readonly clock: EpochMs;
  /** What was heard in the turn that sent it. */
  readonly heard: Heard;
  /** When ECS took it; absent where it never did. */
  landedAt?: EpochMs;
}

export interface World {
  readonly time: VirtualTime;
  readonly plants: ReadonlyMap<string, Plant>;
  /** In the order of the plants. */
  readonly kinds: readonly Kind[];
  readonly store: Pick<Store, 'load' | 'save' | 'loadRings' | 'saveRings'>;
  leases: ReturnType<typeof memoryLeases>;
  overrides: readonly Override[];
  readonly events: Happened[];
  policies(): PolicySet;
  happens(what: Happening): void;
  /** How much older than now the next description is. */
  staleness(): number;
}

export function worldOf({ services, staleMs }: Scenario): World {
  const time = virtualTime(STARTS_AT);
  const capacities = services.map(({ capacity }) => capacity);
  const kinds = services.map(({ kind }) => kind);
  const plants = services.map(({ desired, load, startMs }, index) =>
    plant(arnOf(ACCOUNT, { cluster: 'prod', service: serviceOf(index) }), STARTS_AT, desired, load, startMs),
  );
  let looks = 0;
  const world: World = {
    time,
    plants: new Map(plants.map((one) => [one.arn, one])),
    kinds,
    store: memoryStore(),
    leases: memoryLeases(),
    overrides: [],
    events: [],
    policies: () => ({
      version: 'v1',
      services: kinds.map((kind, index) => policyOf(kind, serviceOf(index), capacities[index] ?? 0)),
      tagged: [],
      groups: [],
      allow: [],
      deny: [],
    }),
    staleness: () => staleMs[looks++ % staleMs.length] ?? 0,
    happens(what) {
      const index = what.service % plants.length;
      if (what.kind === 'capacity') capacities[index] = what.capacity;
      else if (what.kind === 'override') world.overrides = [...world.overrides, overrideOf(what, index, time.now())];
      else befall(plants[index] as Plant, what, time.now());
    },
  };
  return world;
}

export function serviceOf(index: number): string {
  return SERVICES[index] ?? SERVICES[0];
}

type Befalling = Exclude<Happening, { readonly kind: 'capacity' | 'override' }>;

function befall(one: Plant, what: Befalling, now: EpochMs): void {
  if (what.kind === 'human') one.setCount(now, what.desired, 'them');
  else if (what.kind === 'load') one.setLoad(now, what.load);
  else if (what.kind === 'trouble') one.trouble(what.trouble, { from: now, to: now + what.forMs });
  else {
    one.trouble({ kind: 'deploying' }, { from: now, to: now + what.forMs });
    if (what.resetTo !== null) one.setCount(now, what.resetTo, 'them');
  }
}

function overrideOf({ set, forMs }: Extract<Happening, { kind: 'override' }>, index: number, now: EpochMs): Override {
  const scope = `prod/${serviceOf(index)}`;
  return { id: `${scope} ${now}`, scope, set, owner: 'mira', reason: 'chaos', expiresAt: now + forMs };
}
