import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadInput } from '../../../lib/policy/bad-input.ts';
import {
  type Action,
  type TargetValueRules,
  type ThresholdRules,
  targetDirection,
  targetValue,
  threshold,
} from '../../../lib/sim/peers/nomad/strategies.ts';
import { createNomadTargetValue } from '../../../lib/sim/peers/nomad/target-value.ts';
import { createNomadThreshold, thresholdsAround } from '../../../lib/sim/peers/nomad/threshold.ts';
import { type Check, decideVotes } from '../../../lib/sim/peers/nomad/votes.ts';
import { at, IdealService, type Situation, seen } from './seen.ts';

const none = (count: number): Action => ({ direction: 'none', count });
const up = (count: number): Action => ({ direction: 'up', count });
const down = (count: number): Action => ({ direction: 'down', count });

describe('Nomad target-value plugin_test', () => {
  test.each<[string, number, number, TargetValueRules, Action]>([
    ['factor 1', 13, 2, { target: 13 }, none(2)],
    ['factor above 1', 26, 2, { target: 13 }, up(4)],
    ['from zero', 20, 0, { target: 10 }, up(2)],
    ['small counts absorb moderate factors', 9, 1, { target: 10 }, none(1)],
    ['from zero with a target of zero', 1, 0, { target: 0 }, up(1)],
    ['to zero with a target of zero', 0, 5, { target: 0 }, down(0)],
    ['a small difference', 5.00001, 8, { target: 5 }, none(8)],
    ['a small difference and a smaller threshold', 5.00001, 8, { target: 5, threshold: 0.000001 }, up(9)],
    ['at most so many more', 100, 4, { target: 10, maxScaleUp: 3 }, up(7)],
    ['at most so many fewer', 1, 10, { target: 10, maxScaleDown: 2 }, down(8)],
  ])('%s', (_name, metric, count, rules, expected) => {
    expect(targetValue([7, metric], count, rules)).toEqual(expected);
  });

  test.each([
    [0, 1, 0, 'up'],
    [0, 0, 0, 'none'],
    [5, 1, 0, 'none'],
    [4, 0.5, 0, 'down'],
    [5, 2, 0, 'up'],
    [5, 1.0001, 0.01, 'none'],
    [5, 1.02, 0.01, 'up'],
    [5, 0.99, 0.01, 'none'],
    [5, 0.98, 0.01, 'down'],
  ])('direction: count %d, factor %d, threshold %d is %s', (count, factor, band, direction) => {
    expect(targetDirection(count, factor, band)).toBe(direction);
  });

  test('no samples, nothing to say', () => {
    expect(targetValue([], 5, { target: 10 })).toBeNull();
  });
});

describe('Nomad threshold plugin_test', () => {
  const steady = [10, 10, 10, 10, 10, 10];
  const band = { lower: 5, upper: 20 };
  test.each<[string, number, Omit<ThresholdRules, 'lower' | 'upper'>, Action]>([
    ['delta up', 1, { change: { kind: 'delta', tasks: 1 } }, up(2)],
    ['delta down', 1, { change: { kind: 'delta', tasks: -1 } }, down(0)],
    ['delta below zero', 1, { change: { kind: 'delta', tasks: -5 } }, down(0)],
    ['percentage up', 10, { change: { kind: 'percentage', percent: 30 } }, up(13)],
    ['percentage down', 10, { change: { kind: 'percentage', percent: -30 } }, down(7)],
    ['percentage rounds up', 11, { change: { kind: 'percentage', percent: -30 } }, down(8)],
    ['percentage rounds up, on the way up too', 11, { change: { kind: 'percentage', percent: 30 } }, up(15)],
    ['percentage rounds up by any fraction', 12, { change: { kind: 'percentage', percent: -30 } }, down(9)],
    [
      'percentage rounds up, so a fifth fewer of four are four',
      4,
      { change: { kind: 'percentage', percent: -20 } },
      none(4),
    ],
    ['percentage of nothing', 10, { change: { kind: 'percentage', percent: 0 } }, none(10)],
    ['value up', 1, { change: { kind: 'value', tasks: 10 } }, up(10)],
    ['value down', 20, { change: { kind: 'value', tasks: 10 } }, down(10)],
    ['value as it is', 10, { change: { kind: 'value', tasks: 10 } }, none(10)],
  ])('%s', (_name, count, rules, expected) => {
    expect(threshold(steady, count, { ...band, ...rules })).toEqual(expected);
  });

  const one = { ...band, change: { kind: 'delta', tasks: 1 } } as const;

  test('too few samples in the band, nothing to say; a trigger of one is content with one', () => {
    expect(threshold([10, 0, 0, 0, 0, 0], 1, one)).toBeNull();
    expect(threshold([10, 0, 0, 0, 0, 0], 1, { ...one, withinBoundsTrigger: 1 })).toEqual(up(2));
  });

  test('the samples in the band need not follow each other, and the lower bound belongs to it', () => {
    expect(threshold([5, 0, 5, 5, 30, 5, 5], 1, one)).toEqual(up(2));
    expect(threshold([20, 20, 20, 20, 20], 1, one)).toBeNull();
  });

  test('a band without bounds is refused', () => {
    expect(() => threshold(steady, 1, { change: { kind: 'delta', tasks: 1 } })).toThrow(BadInput);
  });
});

describe('Nomad Autoscaler documentation: which check wins', () => {
  const grouped = (verdict: Action | null, group = 'band'): Check => ({ group, verdict });
  test.each<[string, Check[], Action | null]>([
    ['up beats none and down', [{ verdict: down(1) }, { verdict: up(6) }, { verdict: none(5) }], up(6)],
    ['none beats down', [{ verdict: down(1) }, { verdict: none(5) }], none(5)],
    ['of two ups the higher', [{ verdict: up(6) }, { verdict: up(8) }], up(8)],
    ['of two downs the higher', [{ verdict: down(2) }, { verdict: down(3) }], down(3)],
    ['in a group none is not heard', [grouped(none(5)), grouped(down(4))], down(4)],
    ['a group that says none says none', [grouped(none(5)), grouped(none(5))], none(5)],
    ['a group that says none blocks another down', [grouped(none(5)), grouped(down(4), 'other')], none(5)],
    ['of equals the first', [grouped(none(5)), grouped(none(6), 'other')], none(5)],
    ['checks with nothing to say are skipped', [grouped(null), grouped(down(4))], down(4)],
    ['nobody says anything', [grouped(null), { verdict: null }], null],
  ])('%s', (_name, checks, expected) => {
    expect(decideVotes(checks)).toEqual(expected);
  });
});

const sampleOf = (seconds: number, cpuPercent: number) => ({
  at: at(seconds),
  seconds: 10,
  arrivedPerSecond: 100,
  servedPerSecond: 100,
  concurrency: 4,
  ready: 10,
  cpuPercent,
});

describe('the loop around the strategies', () => {
  const decideAt =
    (peer = createNomadTargetValue({ target: 60 })) =>
    (seconds: number, cpu: number, more: Situation = {}) =>
      peer.decide(seen({ ...more, seconds, sample: sampleOf(seconds, cpu) }));

  test('it evaluates every 10 s, as the agent does by default', () => {
    expect(createNomadTargetValue({ target: 60 }).everySeconds).toBe(10);
  });

  test('a cooldown follows a change and ends strictly after its last moment', () => {
    const decide = decideAt();
    expect(decide(10, 90)).toBe(15);
    expect(decide(300, 90, { desired: 15 })).toBeUndefined();
    expect(decide(310, 90, { desired: 15 })).toBeUndefined();
    expect(decide(320, 90, { desired: 15 })).toBe(23);
  });

  test('after a change upwards it may have a length of its own', () => {
    const decide = decideAt(createNomadTargetValue({ target: 60, cooldownOnScaleUpSeconds: 60 }));
    expect(decide(10, 90)).toBe(15);
    expect(decide(80, 30, { desired: 15 })).toBe(8);
    expect(decide(150, 90, { desired: 8 })).toBeUndefined();
  });

  test('bounds come last, and an answer that changes nothing starts no cooldown', () => {
    const decide = decideAt();
    expect(decide(10, 90, { max: 10 })).toBeUndefined();
    expect(decide(20, 90)).toBe(15);
  });

  test('while a deployment runs the target is not ready', () => {
    expect(decideAt()(10, 90, { deploying: true })).toBeUndefined();
  });

  test('threshold: five of the samples of a minute above the band, then a fifth more', () => {
    const peer = createNomadThreshold({ checks: thresholdsAround(60, 12, 20) });
    const answers = [10, 20, 30, 40, 50].map((seconds) => decideAt(peer)(seconds, 80));
    expect(answers).toEqual([undefined, undefined, undefined, undefined, 12]);
  });

  test('threshold: below the band a fifth fewer, within it nothing', () => {
    const low = createNomadThreshold({ checks: thresholdsAround(60, 12, 20) });
    expect([10, 20, 30, 40, 50].map((seconds) => decideAt(low)(seconds, 40)).at(-1)).toBe(8);
    const calm = createNomadThreshold({ checks: thresholdsAround(60, 12, 20) });
    for (const [start, cpu] of [
      [0, 60],
      [100, 49],
      [200, 71],
    ] as const) {
      const answers = [10, 20, 30, 40, 50].map((seconds) => decideAt(calm)(start + seconds, cpu));
      expect(answers).toEqual(new Array(5).fill(undefined));
    }
  });

  test('threshold: a query reaches a minute back, so what is older does not count', () => {
    const peer = createNomadThreshold({ checks: thresholdsAround(60, 12, 20) });
    const cpu = [80, 80, 60, 60, 80, 80, 80, 80, 80];
    const answers = cpu.map((value, i) => decideAt(peer)(10 * (i + 1), value));
    expect(answers.slice(0, 8)).toEqual(new Array(8).fill(undefined));
    expect(answers.at(-1)).toBe(12);
  });

  test('a metric without samples is no metric of zero', () => {
    const peers = [
      createNomadTargetValue({ target: 60 }),
      createNomadThreshold({ checks: thresholdsAround(60, 12, 20) }),
      createNomadTargetValue({ target: 60, signal: 'backlogPerTask' }),
      createNomadThreshold({ checks: thresholdsAround(60, 12, 20), signal: 'backlogPerTask' }),
    ];
    const starting: Situation = { inService: 0, queue: { visible: 500, inFlight: 0 } };
    for (const peer of peers) {
      const answers = Array.from({ length: 20 }, (_, i) => peer.decide(seen({ ...starting, seconds: 10 * (i + 1) })));
      expect(answers).toEqual(new Array(20).fill(undefined));
    }
  });

  test('tasks that run and are not in service yet count: half as much again of fifteen', () => {
    expect(decideAt()(10, 90, { desired: 15, running: 15, inService: 10 })).toBe(23);
  });

  test('the newest sample is what target-value looks at', () => {
    const decide = decideAt();
    expect([60, 60, 90].map((cpu, i) => decide(10 * (i + 1), cpu))).toEqual([undefined, undefined, 15]);
  });

  test('a rate without a task that served it is no rate', () => {
    const peer = createNomadTargetValue({ target: 5, signal: 'ratePerTask' });
    expect(peer.decide(seen({ seconds: 10, sample: { ...sampleOf(10, 50), ready: 0 } }))).toBeUndefined();
  });

  test('on the target it does nothing, also below the minimum: only an action is brought within the bounds', () => {
    expect(decideAt()(10, 60, { min: 20 })).toBeUndefined();
    expect(decideAt()(20, 90, { min: 20 })).toBe(20);
  });

  test('a rate is that of each task, a backlog its share of all messages, in flight ones too', () => {
    const onRate = decideAt(createNomadTargetValue({ target: 5, signal: 'ratePerTask' }));
    expect(onRate(10, 50)).toBe(20);
    const onBacklog = decideAt(createNomadTargetValue({ target: 5, signal: 'backlogPerTask' }));
    expect(onBacklog(10, 50, { queue: { visible: 80, inFlight: 20 } })).toBe(20);
  });

  test('without delays target-value ends at the load ÷ the target, rounded up, or within its hundredth of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 5000 }), fc.integer({ min: 1, max: 200 }), (load, before) => {
        const tasks = new IdealService(load, before).run(createNomadTargetValue({ target: 60 }), 2);
        const wanted = Math.ceil(load / 60);
        expect(tasks === wanted || Math.abs(load / tasks / 60 - 1) <= 0.01 + 1e-9).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
