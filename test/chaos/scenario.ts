/** What happens in one run, as data: which ticks start when and where, what goes wrong in each of their calls, what people do meanwhile. */
import fc from 'fast-check';
import type { Override } from '../../lib/policy/policy.ts';
import type { Trouble } from './plant.ts';
import { CAPACITIES, KINDS, type Kind } from './policies.ts';

export interface Scenario {
  readonly services: readonly ServiceStart[];
  /** Milliseconds by which the clock of each scaler is wrong. */
  readonly skewMs: readonly number[];
  /** How much older than now the answers of `DescribeServices` are: its first, second, … and again from the first. */
  readonly staleMs: readonly number[];
  readonly ticks: readonly TickPlan[];
  readonly happenings: readonly Timed[];
  /** After all that, ticks without faults go on until the count rests. */
  readonly untilRest: boolean;
}

export interface ServiceStart {
  readonly kind: Kind;
  readonly capacity: number;
  readonly desired: number;
  /** Percent of one task. */
  readonly load: number;
  readonly startMs: number;
}

export interface TickPlan {
  /** Since the tick before it began. */
  readonly afterMs: number;
  readonly scaler: number;
  /** A function is stopped at its time limit; a process elsewhere is not, but may be frozen for longer than its lease. */
  readonly host: 'function' | 'process';
  /** To there and back, of each call in turn and again from the first. */
  readonly latencyMs: readonly number[];
  readonly faults: readonly Fault[];
  /** The service whose event brought it, by number; null: the schedule did. */
  readonly broughtBy: number | null;
}

/** What goes wrong with the nth call of a tick. */
export type Fault = { readonly call: number } & (
  | { readonly kind: FaultKind }
  | { readonly kind: 'freeze'; readonly ms: number }
  /** It is so much longer on its way there. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'meanwhile'; readonly what: Happening }
);

/** `lose`: done, but the answer never comes. The others but `crashAfter`: nothing was done. */
export type FaultKind = 'crashBefore' | 'crashAfter' | 'throttle' | 'serverError' | 'refuse' | 'lose';

export type Happening = { readonly service: number } & (
  | { readonly kind: 'human'; readonly desired: number }
  | { readonly kind: 'deployment'; readonly forMs: number; readonly resetTo: number | null }
  | { readonly kind: 'load'; readonly load: number }
  | { readonly kind: 'capacity'; readonly capacity: number }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly forMs: number }
  | { readonly kind: 'override'; readonly set: Override['set']; readonly forMs: number }
);

export type Timed = Happening & { readonly atMs: number };

const count = fc.nat({ max: 14 });
const load = fc.constantFrom(300, 500, 150, 900, 30, 2400);
const service = fc.nat({ max: 1 });
const capacity = fc.nat({ max: CAPACITIES.length - 1 });
const forMs = fc.constantFrom(60_000, 20_000, 200_000, 400_000);

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('failed' as const, 'partial' as const, 'forbidden' as const, 'silent' as const),
    signal: fc.constantFrom('cpu' as const, 'rps' as const),
  }),
  fc.record({ kind: fc.constantFrom('unreadable' as const, 'noRoom' as const) }),
);

const set: fc.Arbitrary<Override['set']> = fc.oneof(
  fc.record({ kind: fc.constantFrom('floor' as const, 'ceiling' as const, 'exact' as const), tasks: count }),
  fc.constant({ kind: 'pause' as const }),
  fc.constant({ kind: 'mode' as const, mode: 'shadow' as const }),
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('human' as const), service, desired: count }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('load' as const), service, load }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('deployment' as const),
      service,
      forMs,
      resetTo: fc.option(count),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('capacity' as const), service, capacity }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('trouble' as const), service, trouble, forMs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('override' as const), service, set, forMs }) },
);

/** Two services need up to eighteen calls. */
const call = fc.nat({ max: 18 });
const FAULTS: readonly FaultKind[] = ['crashBefore', 'crashAfter', 'throttle', 'serverError', 'refuse', 'lose'];
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ call, kind: fc.constantFrom(...FAULTS) }) },
  {
    weight: 2,
    arbitrary: fc.record({ call, kind: fc.constant('freeze' as const), ms: fc.integer({ min: 500, max: 80_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ call, kind: fc.constant('slow' as const), ms: fc.integer({ min: 500, max: 4_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ call, kind: fc.constant('meanwhile' as const), what: happening }) },
);

const latency = fc.oneof(
  { withCrossShrink: true },
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 4_000 }) },
);

const tickPlan: fc.Arbitrary<TickPlan> = fc.record({
  afterMs: fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: fc.constant(60_000) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 3_000, max: 70_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 70_000, max: 200_000 }) },
  ),
  scaler: fc.nat({ max: 2 }),
  host: fc.constantFrom('function' as const, 'process' as const),
  latencyMs: fc.array(latency, { minLength: 1, maxLength: 5 }),
  faults: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.array(fault, { minLength: 1, maxLength: 3 }) },
  ),
  broughtBy: fc.option(service, { freq: 6 }).map((one) => one),
});

const serviceStart: fc.Arbitrary<ServiceStart> = fc.record({
  kind: fc.constantFrom(...KINDS),
  capacity,
  desired: fc.integer({ min: 1, max: 12 }),
  load,
  startMs: fc.constantFrom(30_000, 5_000, 90_000, 150_000),
});

const skew = fc.integer({ min: -5_000, max: 5_000 });

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  services: fc.array(serviceStart, { minLength: 1, maxLength: 2 }),
  skewMs: fc.tuple(skew, skew, skew),
  staleMs: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 15_000 })), { minLength: 1, maxLength: 4 }),
  ticks: fc.array(tickPlan, { minLength: 2, maxLength: 9, size: 'max' }),
  happenings: fc.array(
    fc.tuple(fc.nat({ max: 480_000 }), happening).map(([atMs, what]): Timed => ({ ...what, atMs })),
    { maxLength: 5 },
  ),
  untilRest: fc.nat({ max: 7 }).map((one) => one === 7),
});
