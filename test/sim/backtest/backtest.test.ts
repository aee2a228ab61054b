/** Backtests on histories made here, so that what is true of them is known. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceScaling } from '../../../lib/policy/application-auto-scaling.ts';
import type { ServicePolicy } from '../../../lib/policy/policy.ts';
import { type Backtest, backtest } from '../../../lib/sim/backtest/backtest.ts';
import { doubtOf, fidelityOf, LEAST_CHANGES } from '../../../lib/sim/backtest/fidelity.ts';
import { type History, SignalCursor } from '../../../lib/sim/backtest/history.ts';
import { modelMind } from '../../../lib/sim/backtest/model-mind.ts';
import { MODEL_SIGNALS, modelHistory, modelPolicy } from '../../../lib/sim/backtest/model-signals.ts';
import { policyMind } from '../../../lib/sim/backtest/policy-mind.ts';
import { replay } from '../../../lib/sim/backtest/replay.ts';
import { scaledBy } from '../../../lib/sim/backtest/scaled-by.ts';
import { constant, diurnal, generate, noise, product, step } from '../../../lib/sim/generate.ts';
import { createPlant } from '../../../lib/sim/plant.ts';
import { simulate } from '../../../lib/sim/simulate.ts';
import type { Load } from '../../../lib/sim/types.ts';
import { checkoutPolicies } from '../../support/policy-texts.ts';
import { recorded, type Scaled, scaledPlant, TRACKED } from './recorded.ts';

const START = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const SIGNALS = {
  cpu: 'CPUUtilization',
  [MODEL_SIGNALS.cpu]: 'CPUUtilization',
  [MODEL_SIGNALS.requests]: 'RequestCount',
};
const CAPACITY = 'capacity: { min: 2, max: 60 }';
const SET = checkoutPolicies(
  CAPACITY,
  "scaleOut: [{ name: warm, when: 'cpu > 70', addPercent: 20, trueFor: 2 of 2 }]",
  "scaleIn: [{ name: calm, when: 'cpu < 45', remove: 1, trueFor: 6 of 6 }]",
);
const [POLICY] = SET.services as readonly [ServicePolicy];

const busyDays = (hours: number): Load =>
  generate(
    product(diurnal({ low: 200, high: 1500, peakHour: 15 }), noise({ seed: 5, sigma: 0.08, everySeconds: 300 })),
    {
      ...{ name: 'days', hours, startsAt: START },
    },
  );

function historyOf(load: Load, scaled: Scaled = {}): History {
  return recorded(scaledPlant(load, scaled), load, SIGNALS);
}

function modelled(history: History, scaling: ServiceScaling = TRACKED) {
  const by = scaledBy(history, scaling);
  if (by.kind === 'unmodelled') throw new Error(by.why);
  return replay(modelHistory(history, by), modelPolicy(history, by), modelMind(history, by));
}

const scoreOf = (history: History) => fidelityOf(history, modelled(history)).score;

function ranked(outcome: Backtest) {
  if (outcome.kind === 'refused') throw new Error(outcome.why);
  return outcome.comparison;
}

let load: Load;
let history: History;
beforeAll(() => {
  load = busyDays(30);
  history = historyOf(load);
});

describe('the fidelity of the model', () => {
  test('is high where target tracking scaled, whatever its tasks take to start', () => {
    expect(scoreOf(history)).toBeGreaterThan(0.95);
    expect(scoreOf(historyOf(load, { plant: { startClass: 'heavy' } }))).toBeGreaterThan(0.85);
  });

  test('is still enough where AWS evaluates a minute sooner than the model thinks', () => {
    expect(scoreOf(historyOf(load, { tracking: { evaluationDelaySeconds: 60 } }))).toBeGreaterThan(0.75);
  });

  test('is low where the target was another one at that time', () => {
    const outcome = backtest(historyOf(load, { tracking: { target: 45 } }), POLICY, TRACKED);
    expect(outcome).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('are not those that its own scaling'),
    });
  });

  test('is low where the counts moved when nothing asked for it, though their sizes look right', () => {
    const late = (points: History['tasks']) => points.map(([at, count]) => [at + HOUR, count] as const);
    const tasks = late(history.tasks);
    const made = new Map(tasks.map(([at, count]) => [at, count]));
    const cpu = history.signals[MODEL_SIGNALS.cpu];
    if (cpu === undefined) throw new Error('no CPU');
    const values = cpu.values.map(([at, value]) => [at, value, made.get(at) ?? 0] as const);
    const signals = { ...history.signals, [MODEL_SIGNALS.cpu]: { ...cpu, values } };
    const tampered = { ...history, desired: late(history.desired ?? []), tasks, signals };
    const fidelity = fidelityOf(tampered, modelled(tampered));
    expect(fidelity.counts).toBeGreaterThan(0.7);
    expect(fidelity.changes).toBeLessThan(0.4);
    expect(doubtOf(fidelity)).toContain('when its own scaling policies would not');
  });

  test('cannot be told from a count that hardly ever moved', () => {
    const quiet = historyOf(generate(constant(200), { name: 'quiet', hours: 24, startsAt: START }));
    const outcome = backtest(quiet, POLICY, TRACKED);
    expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining(`${LEAST_CHANGES} are needed`) });
  });
});

describe('what the policy would have done', () => {
  test('is near what it really does when it scales the same load', async () => {
    const plant = createPlant({ load, seed: 3, desired: history.tasks[0]?.[1] ?? 2 });
    const { rows, changes } = await simulate({ policies: SET, plant, endsAt: load.endsAt });
    const { policy, real } = ranked(backtest(history, POLICY, TRACKED));
    const hours = rows.reduce((sum, { running }) => sum + running, 0) / 60;
    const overloaded = rows.filter(({ cpu }) => (cpu ?? 0) > 90).length;
    expect(Math.abs(policy.taskHours / hours - 1)).toBeLessThan(0.05);
    expect(Math.abs(policy.overloadedMinutes - overloaded)).toBeLessThanOrEqual(15);
    expect(Math.abs(policy.changes / changes.length - 1)).toBeLessThan(0.25);
    expect(policy.taskHours).not.toBeCloseTo(real.taskHours, 0);
  });

  test('says where the tasks were full, so that demand is a lower bound', () => {
    const crowd = generate(
      product(step({ atHour: 20, before: 1, after: 3 }), diurnal({ low: 300, high: 900, peakHour: 15 })),
      {
        ...{ name: 'crowd', hours: 30, startsAt: START },
      },
    );
    expect(ranked(backtest(historyOf(crowd), POLICY, TRACKED)).cappedMinutes).toBeGreaterThan(0);
    expect(ranked(backtest(history, POLICY, TRACKED)).cappedMinutes).toBe(0);
  });

  test('is judged by the CPU where the policy reads nothing that tells overload, and decides as if it were not there', () => {
    const [blind] = checkoutPolicies(
      CAPACITY,
      'signals: { requests: { alb: RequestCount } }',
      "scaleOut: [{ name: warm, when: 'requests > 50000', addPercent: 20, trueFor: 2 of 2 }]",
      "scaleIn: [{ name: calm, when: 'requests < 20000', remove: 1, trueFor: 6 of 6 }]",
    ).services;
    if (blind === undefined) throw new Error('a story names a service');
    const { [MODEL_SIGNALS.requests]: requests } = history.signals;
    if (requests === undefined) throw new Error('no requests');
    const told = { ...history, signals: { ...history.signals, requests } };
    const { overloaded, policy, real, played } = ranked(backtest(told, blind, TRACKED));
    expect(overloaded).toBe('CPU above 90 %');
    expect(real.overloadedMinutes).toBe(ranked(backtest(history, POLICY, TRACKED)).real.overloadedMinutes);
    const alone = policyMind(blind);
    const plain = replay(told, { ...blind, mode: 'act' }, alone);
    expect(played.replay.changes).toEqual(plain.changes);
    expect(policy.changes).toBe(plain.changes.length);
    expect(plain.changes.length).toBeGreaterThan(5);
  });

  test('does not know what comes: two histories that part at noon have the same morning', () => {
    const noon = START + 12 * HOUR;
    const [calm, wild] = [300, 3000].map((after) => {
      const parted = historyOf(
        generate(step({ atHour: 12, before: 500, after }), { name: 'step', hours: 14, startsAt: START }),
      );
      return modelled(parted).rows.filter(({ at }) => at < noon);
    });
    expect(calm).toEqual(wild);
  });
});

test('a turn reads only what was published by then', () => {
  const values = [0, 1, 2, 3].map((minute) => [START + minute * 60_000, minute] as const);
  const cursor = new SignalCursor({ periodSeconds: 60, status: 'complete', values }, 50, 2);
  const seen = (seconds: number) => cursor.at(START + seconds * 1000).values.map(([, value]) => value);
  expect([seen(109), seen(110), seen(170), seen(240)]).toEqual([[], [0], [0, 1], [1, 2]]);
});

describe('what scaled the service', () => {
  const other = { kind: 'other', name: 'steps', type: 'StepScaling' } as const;
  const custom = { kind: 'targetTracking', name: 'own', metric: null, target: 5, scaleInDisabled: false } as const;
  test.each<[string, ServiceScaling]>([
    ['its policy steps is of type StepScaling', { ...TRACKED, policies: [other] }],
    ['its policy own follows a metric of its own, which is not replayed', { ...TRACKED, policies: [custom] }],
    ['the service has no scaling policy now', { ...TRACKED, policies: [] }],
    ['the service is not registered with Application Auto Scaling', { policies: [] }],
  ])('%s: nothing is ranked', (why, scaling) => {
    expect(backtest(history, POLICY, scaling)).toEqual({
      ...{ kind: 'refused', scaledBy: 'not known', fidelity: null, model: null, why },
    });
  });
});
