/** Policies and runs made by chance: what properties are checked on. */
import fc from 'fast-check';
import type {
  Change,
  InRule,
  OutRule,
  Pace,
  ScheduledBounds,
  ServicePolicy,
  SignalSpec,
  Target,
} from '../../lib/policy/policy.ts';
import { cpu, FREE_IN, FREE_OUT, percent, perTask, policy, rps, rule, setTo, tasks } from './policies.ts';
import { type Measured, T0 } from './story.ts';

const mem: SignalSpec = { ...cpu, source: { kind: 'ecs', metric: 'MemoryUtilization' } };
const zero: SignalSpec = { ...rps, whenMissing: { kind: 'zero' } };
const standsIn: SignalSpec = { ...rps, whenMissing: { kind: 'use', signal: 'cpu' } };

export const SIGNALS: Readonly<Record<string, SignalSpec>> = { cpu, mem, rps: zero, load: standsIn };

const trueFor = fc.constantFrom('1 of 1', '2 of 2', '3 of 3', '2 of 3', '3 of 5' as const) as fc.Arbitrary<'1 of 1'>;
const wait = fc.constantFrom(0, 0, 120, 300);
const comparison = (operators: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom('cpu', 'mem', 'rps', 'load', "avg(cpu, '3m')", "max(rps, '4m')"),
      fc.constantFrom(...operators),
      fc.integer({ min: 5, max: 95 }),
    )
    .map(([signal, operator, threshold]) => `${signal} ${operator} ${threshold}`);
const condition = (operators: readonly string[]) =>
  fc.oneof(
    comparison(operators),
    fc
      .tuple(comparison(operators), fc.constantFrom('&&', '||'), comparison(operators))
      .map(([a, both, b]) => `${a} ${both} ${b}`),
    comparison(operators).map((inner) => `!(${inner})`),
  );
export const changeOut: fc.Arbitrary<Change> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map(tasks),
  fc
    .tuple(fc.integer({ min: 5, max: 120 }), fc.integer({ min: 1, max: 3 }))
    .map(([part, least]) => percent(part, least)),
  fc.integer({ min: 0, max: 30 }).map(setTo),
);
export const changeIn: fc.Arbitrary<Change> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map(tasks),
  fc.integer({ min: 5, max: 60 }).map((part) => percent(part)),
  fc.integer({ min: 0, max: 10 }).map(setTo),
);

const rules = (prefix: string, operators: readonly string[], change: fc.Arbitrary<Change>) =>
  fc
    .array(fc.tuple(condition(operators), change, trueFor, wait), { maxLength: 3 })
    .map((list) => list.map(([when, by, m, silence], index) => rule(`${prefix}${index}`, when, by, m, silence)));

export const outRules: fc.Arbitrary<OutRule[]> = rules('out', ['>', '>='], changeOut);
export const inRules: fc.Arbitrary<InRule[]> = rules('in', ['<', '<='], changeIn);
const targets: fc.Arbitrary<Target[]> = fc
  .array(fc.tuple(fc.constantFrom('cpu', 'mem', 'load'), fc.integer({ min: 20, max: 80 })), { maxLength: 2 })
  .map((list) => list.map(([signal, each], index) => ({ ...perTask(signal, each), name: `target${index}` })));

const cooldown: fc.Arbitrary<Pace['cooldown']> = fc.oneof(
  fc.constant({ kind: 'verified' } as const),
  fc.constantFrom(0, 60, 180).map((seconds) => ({ kind: 'seconds', seconds }) as const),
);
const upTo: fc.Arbitrary<Pace['upTo']> = fc.record({
  percent: fc.constantFrom(10, 100),
  tasks: fc.integer({ min: 1, max: 10 }),
  pick: fc.constantFrom('larger', 'smaller'),
  periodSeconds: fc.constantFrom(60, 300),
});
const pace = (free: Pace): fc.Arbitrary<Pace> =>
  fc.oneof(fc.constant(free), fc.record({ cooldown, stabilizationSeconds: fc.constantFrom(0, 60, 180, 300), upTo }));

export const paceOut = pace(FREE_OUT);
export const paceIn = pace(FREE_IN);

const windows: fc.Arbitrary<ScheduledBounds[]> = fc.array(
  fc
    .record({
      at: fc.integer({ min: -10, max: 30 }),
      minutes: fc.integer({ min: 1, max: 30 }),
      bounds: fc.oneof(
        fc.record({ min: fc.integer({ min: 0, max: 25 }) }),
        fc.record({ max: fc.integer({ min: 1, max: 25 }) }),
        fc.record({ desired: fc.integer({ min: 1, max: 25 }) }),
      ),
    })
    .map(({ at, minutes, bounds }) => ({
      name: `at ${at}`,
      starts: { kind: 'at' as const, at: T0 + at * 60_000 },
      lastsSeconds: minutes * 60,
      timezone: 'UTC',
      ...bounds,
    })),
  { maxLength: 2 },
);

/** Two windows of one name would share one memory of what they raised, which no document can say. */
const schedule = windows.map((list) => list.map((window, index) => ({ ...window, name: `${window.name} (${index})` })));

const capacity = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 4, max: 30 }))
  .map(([min, max]) => ({ min, max }));

export const anyPolicy: fc.Arbitrary<ServicePolicy> = fc
  .record({
    capacity,
    scaleOut: outRules,
    scaleIn: inRules,
    targets,
    pace: fc.record({ out: paceOut, in: paceIn }),
    schedule,
    guard: fc.record({
      holdInWhile: fc.oneof(fc.constant([]), fc.constant(['mem > 90'])),
      unknownAbstainsAfterSeconds: fc.constantFrom(180, 900),
      whenBlindFor: fc.constantFrom([], [{ seconds: 300, atLeastTasks: 6 }]),
    }),
  })
  .map((parts) => policy({ ...parts, signals: SIGNALS }));

/** One minute: what was measured, and what happened to the service before it. */
export interface Minute {
  readonly measured: Measured;
  readonly event: Event;
}

export type Event =
  | { readonly kind: 'nothing' | 'started' | 'taskDied' | 'deployment' | 'deployed' }
  | { readonly kind: 'somebodySets'; readonly count: number };

const level = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 100 }) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom('failed', 'partial', 'forbidden' as const) },
);
export const measured: fc.Arbitrary<Measured> = fc.record({ cpu: level, mem: level, rps: level, load: level });

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'nothing' } as const) },
  { weight: 6, arbitrary: fc.constant({ kind: 'started' } as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ kind: 'taskDied' }, { kind: 'deployment' }, { kind: 'deployed' } as const),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 40 }).map((count) => ({ kind: 'somebodySets', count }) as const),
  },
);

export const anyRun: fc.Arbitrary<readonly Minute[]> = fc.array(fc.record({ measured, event }), {
  minLength: 5,
  maxLength: 40,
});
