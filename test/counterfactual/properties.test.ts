/** What holds for every history. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Beside, beside } from '../../lib/counterfactual/counterfactual.ts';
import { runningIn } from '../../lib/counterfactual/running.ts';
import { setDesired, type VirtualService } from '../../lib/counterfactual/virtual-service.ts';
import type { Datapoint, Observation } from '../../lib/policy/observation.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { cpu, policy, queue, rps } from '../support/policies.ts';
import { rehydrated } from '../support/story.ts';
import { at, signal } from './looks.ts';

const memory = { ...cpu, source: { kind: 'ecs', metric: 'MemoryUtilization' } } as const;
const perTarget = signal({ kind: 'alb', metric: 'RequestCountPerTarget' }, { averagedOverTasks: true });
const p95 = signal({ kind: 'alb', metric: 'TargetResponseTime' }, { stat: 'p95' });
const errors = signal({ kind: 'share', part: { kind: 'alb', metric: 'HTTPCode_Target_5XX_Count' }, of: 'rps' });
const web: ServicePolicy = policy({
  signals: { cpu, memory, rps, perTarget, p95, errors, jobs: queue },
  targets: [
    {
      kind: 'backlog',
      name: 'jobs',
      signal: 'jobs',
      finishWithinSeconds: 60,
      secondsPerMessage: 2,
      parallelPerTask: 4,
      tolerance: { out: 0.1, in: 0.1 },
    },
  ],
});

interface Minute {
  readonly desired: number;
  /** Tasks of a second revision. */
  readonly deploying: number;
  readonly levels: readonly number[];
  readonly saysTasks: boolean;
  readonly ours: number;
}

const minute: fc.Arbitrary<Minute> = fc.record({
  desired: fc.integer({ min: 1, max: 30 }),
  deploying: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })),
  levels: fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 7, maxLength: 7 }),
  saysTasks: fc.boolean(),
  ours: fc.integer({ min: 0, max: 30 }),
});
const history = fc.array(minute, { minLength: 2, maxLength: 25 });

/** Tasks serve one minute after they were asked for; a deployment runs only while the count stands still. */
function observed(minutes: readonly Minute[], index: number): Observation {
  const now = minutes[index] as Minute;
  const before = minutes[index - 1] ?? now;
  const own = Math.min(now.desired, before.desired);
  const extra =
    now.desired === before.desired && before.desired === (minutes[index - 2] ?? before).desired ? now.deploying : 0;
  const service = {
    desired: now.desired,
    running: own + extra,
    pending: now.desired - own,
    deploying: extra > 0,
  };
  const signals: Record<string, Observation['signals'][string]> = {};
  Object.keys(web.signals).forEach((name, which) => {
    const averaged = web.signals[name]?.averagedOverTasks === true;
    const values = minutes.slice(Math.max(0, index - 8), index).map((one, back, all): Datapoint => {
      const startedAt = at(index - all.length + back);
      const level = one.levels[which] ?? 0;
      return averaged && one.saysTasks ? [startedAt, level, 1 + (which % 5)] : [startedAt, level];
    });
    signals[name] = { status: 'complete', periodSeconds: 60, values };
  });
  return { service, signals };
}

/** Looks at every minute and decides `counts` of it. */
function run(
  minutes: readonly Minute[],
  counts: (one: Minute) => number,
  kept: (state: VirtualService) => VirtualService = rehydrated,
): readonly Beside[] {
  let virtual: VirtualService | undefined;
  return minutes.map((one, index) => {
    const seen = beside(web, virtual, observed(minutes, index), at(index));
    virtual = kept(setDesired(seen.virtual, counts(one), at(index)));
    return { ...seen, virtual };
  });
}

describe('the same counts', () => {
  test('make the counterfactual the identity: every signal stays as it is, and so do the counts', () => {
    fc.assert(
      fc.property(history, (minutes) => {
        run(minutes, ({ desired }) => desired).forEach((seen, index) => {
          const real = observed(minutes, index);
          expect(seen.observation.signals).toEqual(real.signals);
          expect(seen.modelled).toEqual({});
          const before = minutes[index - 1];
          if (before !== undefined && before.desired !== real.service.desired) return;
          const { startSeconds: _, ...counts } = seen.observation.service;
          expect(counts).toEqual(real.service);
        });
      }),
    );
  });
});

describe('other counts', () => {
  test('change who serves the load, not the load: what all tasks do together stays', () => {
    fc.assert(
      fc.property(history, (minutes) => {
        for (const [index, seen] of run(minutes, ({ ours }) => ours).entries()) {
          const real = observed(minutes, index);
          expect(seen.observation.signals.rps).toEqual(real.signals.rps);
          for (const point of seen.observation.signals.perTarget?.values ?? []) {
            const own = real.signals.perTarget?.values.find(([start]) => start === point[0]);
            const { running } = seen.virtual;
            const tasks = own?.[2] ?? runningIn(running, point[0], point[0] + 60_000)?.real ?? 0;
            if (point !== own && point[2] !== own?.[2])
              expect(point[1] * (point[2] ?? 0)).toBeCloseTo((own?.[1] ?? 0) * tasks, 6);
          }
        }
      }),
    );
  });

  test('keep a percentage a percentage, and every number a number', () => {
    fc.assert(
      fc.property(history, (minutes) => {
        for (const { observation } of run(minutes, ({ ours }) => ours)) {
          for (const { values } of Object.values(observation.signals))
            for (const [, value] of values) expect(Number.isFinite(value) && value >= 0).toBe(true);
          for (const [, value] of observation.signals.cpu?.values ?? []) expect(value).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  test('never start more than was asked for, and keep their history in order', () => {
    fc.assert(
      fc.property(history, (minutes) => {
        for (const { virtual } of run(minutes, ({ ours }) => ours)) {
          const starting = virtual.starting.map(([, tasks]) => tasks);
          expect(starting.every((tasks) => tasks > 0)).toBe(true);
          expect(starting.reduce((sum, tasks) => sum + tasks, 0)).toBeLessThanOrEqual(virtual.desired);
          const times = virtual.running.map(([moment]) => moment);
          expect(times).toEqual([...times].sort((a, b) => a - b));
        }
      }),
    );
  });
});

test('the state is plain JSON: written and read at every look it goes on in the same way', () => {
  fc.assert(
    fc.property(history, (minutes) => {
      const ours = ({ ours: count }: Minute) => count;
      expect(run(minutes, ours, rehydrated)).toEqual(run(minutes, ours, (state) => state));
    }),
  );
});

test('the history of a busy year is no longer than that of a day', () => {
  let virtual: VirtualService | undefined;
  for (let index = 0; index < 2000; index++) {
    const service = { desired: 5 + (index % 7), running: 5 + (index % 7), pending: 0 };
    virtual = setDesired(
      beside(web, virtual, { service, signals: {} }, at(index)).virtual,
      3 + (index % 11),
      at(index),
    );
  }
  expect(virtual?.running.length).toBeLessThanOrEqual(97);
  expect(JSON.stringify(virtual).length).toBeLessThan(3_000);
});
