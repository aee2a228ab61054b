import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ExecutorInput, type ExecutorRules, execute, isActive } from '../../../lib/sim/peers/keda/executor.ts';
import { type FallbackRules, fallbackReplicas } from '../../../lib/sim/peers/keda/fallback.ts';
import { createKeda } from '../../../lib/sim/peers/keda/keda.ts';
import { onQueue, play, repeat } from './keda-played.ts';
import { at, IdealService, type Situation } from './seen.ts';

const RULES: ExecutorRules = { min: 0, cooldownSeconds: 300, initialCooldownSeconds: 0 };

function executed(
  input: Partial<ExecutorInput>,
  rules: Partial<ExecutorRules> = {},
  lastActive: number | null = -1000,
) {
  const state = { createdAt: at(-5000), lastActiveAt: lastActive === null ? null : at(lastActive) };
  const calm = { now: at(0), current: 5, isActive: false, hasError: false };
  return execute({ ...calm, ...input }, { ...RULES, ...rules }, state);
}

describe('KEDA documentation and scale executor tests', () => {
  test('a trigger is active strictly above its threshold', () => {
    expect([0, 0.1, 5, 6].map((value) => isActive(value, value < 1 ? 0 : 5))).toEqual([false, true, false, true]);
  });

  test.each<[string, Partial<ExecutorInput>, Partial<ExecutorRules>, number | undefined]>([
    ['active at zero: wakes to one', { isActive: true, current: 0 }, {}, 1],
    ['active at zero with a minimum: to the minimum', { isActive: true, current: 0 }, { min: 3 }, 3],
    ['active in idle mode: to the minimum', { isActive: true, current: 1 }, { min: 3, idle: 1 }, 3],
    ['active and running: left to the ratio engine', { isActive: true }, {}, undefined],
    ['not active, an error: hold', { hasError: true }, {}, undefined],
    ['not active, cooled down: to zero', {}, {}, 0],
    ['not active in idle mode: to idle', {}, { min: 3, idle: 1 }, 1],
    ['not active, below the minimum: to the minimum', { current: 1 }, { min: 3 }, 3],
    ['not active, at the minimum: nothing', { current: 3 }, { min: 3 }, undefined],
  ])('%s', (_name, input, rules, expected) => {
    expect(executed(input, rules)).toBe(expected);
  });

  test('the cooldown ends strictly after its last moment', () => {
    expect(executed({}, {}, -300)).toBeUndefined();
    expect(executed({}, {}, -300.001)).toBe(0);
  });

  test('never active: the initial cooldown counts from the beginning', () => {
    expect(executed({}, { initialCooldownSeconds: 5000 }, null)).toBeUndefined();
    expect(executed({}, { initialCooldownSeconds: 4999 }, null)).toBe(0);
  });
});

describe('KEDA documentation: fallback', () => {
  const rules = (behavior: FallbackRules['behavior'], replicas = 6): FallbackRules => ({
    failureThreshold: 3,
    replicas,
    behavior,
  });
  test.each([
    ['not before more failures than the threshold', 3, rules('static'), undefined],
    ['static', 4, rules('static'), 6],
    ['currentReplicas', 4, rules('currentReplicas'), 10],
    ['currentReplicasIfHigher', 4, rules('currentReplicasIfHigher'), 10],
    ['currentReplicasIfLower', 4, rules('currentReplicasIfLower'), 6],
    ['negative replicas disable it', 4, rules('static', -1), undefined],
    ['a negative threshold disables it', 4, { ...rules('static'), failureThreshold: -1 }, undefined],
  ])('%s', (_name, failures, fallback, expected) => {
    expect(fallbackReplicas(failures, 10, fallback)).toBe(expected);
  });
});

const queued = (visible: number, inFlight = 0): Situation => ({ queue: { visible, inFlight } });

describe('KEDA on a queue', () => {
  test('messages in flight count: 80 visible and 20 in flight at 10 each are 10 replicas, 4 or twice as many at a time', () => {
    expect(play(onQueue, repeat(queued(80, 20), 4), 2)).toEqual([
      [15, 6],
      [30, 10],
    ]);
  });

  test('an empty queue goes to the minimum after five minutes, and no lower', () => {
    expect(play(onQueue, repeat({ ...queued(0), min: 2 }, 30), 8)).toEqual([[315, 2]]);
  });

  test('with a minimum of zero it goes to zero five minutes after the last message, and wakes at the next poll', () => {
    const load = [
      ...repeat({ ...queued(5), min: 0 }, 2),
      ...repeat({ ...queued(0), min: 0 }, 30),
      { ...queued(1), min: 0 },
    ];
    const changes = play(onQueue, [...load, { ...queued(1), min: 0 }], 1);
    expect(changes).toEqual([
      [360, 0],
      [510, 1],
    ]);
  });

  test('in idle mode an empty queue falls below the minimum, and a message brings the minimum back', () => {
    const idling = { ...onQueue, idleReplicas: 0 } as const;
    const load = [...repeat({ ...queued(5), min: 3 }, 2), ...repeat({ ...queued(0), min: 3 }, 24)];
    expect(play(idling, [...load, ...repeat({ ...queued(5), min: 3 }, 2)], 3)).toEqual([
      [360, 0],
      [420, 3],
    ]);
  });

  test('a queue that cannot be read changes nothing', () => {
    expect(play(onQueue, repeat({}, 40), 5)).toEqual([]);
  });

  test('a queue that cannot be read for longer is the fallback', () => {
    const fallback = { failureThreshold: 3, replicas: 6, behavior: 'static' } as const;
    expect(play({ ...onQueue, fallback }, repeat({}, 10), 5)).toEqual([[60, 6]]);
  });
});

test('without delays KEDA on a rate ends at the load ÷ the target, rounded up, or within the tenth that counts as none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 5000 }), fc.integer({ min: 1, max: 200 }), (load, before) => {
      const keda = createKeda({ trigger: { kind: 'rate', perReplica: 60 } });
      const tasks = new IdealService(load, before).run(keda, 1);
      const wanted = Math.ceil(load / 60);
      expect(tasks === wanted || Math.abs(load / (60 * tasks) - 1) <= 0.1 + 1e-9).toBe(true);
    }),
    { numRuns: 50 },
  );
});
