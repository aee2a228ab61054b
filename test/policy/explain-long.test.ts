/** The long explanation: what was compared with what, and the nearest thing that would have changed the answer. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../lib/policy/decide.ts';
import type { Decided } from '../../lib/policy/decision.ts';
import { explainJson, explainLong, explainLongText } from '../../lib/policy/explain-long.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { EMPTY_STATE } from '../../lib/policy/state.ts';
import { FREE_IN, FREE_OUT, percent, perTask, rule, tasks } from '../support/policies.ts';
import {
  cpu,
  decideAt,
  MINUTE,
  measure,
  measureFor,
  observationAt,
  policy,
  rps,
  steady,
  T0,
  world,
} from '../support/story.ts';

const hot = rule('hot', 'cpu > 70', tasks(1));
const warm = rule('warm', 'cpu > 70', tasks(1), '3 of 3');
const calm = rule('calm', 'cpu < 40', tasks(1), '3 of 3');

/** The newest minute last; one tick after the last of them. */
function decidedAfter(
  given: ServicePolicy,
  cpuMinutes: readonly (number | null)[],
  more: Parameters<typeof steady>[1] = {},
): Decided {
  const here = world({ policy: given, service: steady(4, more) });
  for (const [minute, value] of cpuMinutes.entries()) measure(here, minute, { cpu: value });
  return decideAt(here, T0 + (cpuMinutes.length - 1) * MINUTE + 55_000);
}

const nearest = (given: ServicePolicy, decided: Decided) => explainLong(given, decided).nearest?.sentence;

describe('nearest', () => {
  const given = policy({ scaleOut: [warm], scaleIn: [calm] });

  test('one more minute of what is true already', () => {
    expect(nearest(given, decidedAfter(given, [50, 71, 71]))).toBe('cpu 71 for one more minute');
  });

  test('the same where the older minutes are unknown', () => {
    expect(nearest(given, decidedAfter(given, [71, 71]))).toBe('cpu 71 for one more minute');
  });

  test('a little more of a signal, and for how long', () => {
    expect(nearest(given, decidedAfter(given, [60, 60, 63.9]))).toBe('cpu 6.2 higher for 3 min');
    const quick = policy({ scaleOut: [hot], scaleIn: [calm] });
    expect(nearest(quick, decidedAfter(quick, [60, 60, 63.9]))).toBe('cpu 6.2 higher');
    expect(nearest(quick, decidedAfter(quick, [60, 60, 45]))).toBe('cpu 5.1 lower for 3 min');
  });

  test('two signals where one alone would not do', () => {
    const both = policy({ signals: { cpu, rps }, scaleOut: [rule('hot', 'cpu > 70 && rps > 100', tasks(1))] });
    const here = world({ policy: both });
    measure(here, 0, { cpu: 69, rps: 99 });
    expect(nearest(both, decideAt(here, T0 + 55_000))).toBe('cpu 1.1 higher and rps 2 higher');
  });

  test('the end of a cooldown', () => {
    const slow = policy({
      scaleOut: [hot],
      pace: { out: { ...FREE_OUT, cooldown: { kind: 'seconds', seconds: 300 } }, in: FREE_IN },
    });
    const here = world({ policy: slow });
    measureFor(here, 0, 5, { cpu: 90 });
    decideAt(here, T0 + 55_000);
    here.service = steady(5);
    decideAt(here, T0 + MINUTE + 55_000);
    expect(nearest(slow, decideAt(here, T0 + 3 * MINUTE + 55_000))).toBe('in 2 min, when the cooldown ends');
  });

  test('the end of a deployment, and of whatever else stands in the way', () => {
    const decided = decidedAfter(given, [30, 30, 30], { deploying: true, unhealthy: 1 });
    expect(nearest(given, decided)).toBe('the end of the deployment and all tasks healthy');
  });

  test('a datapoint, where nothing is known', () => {
    expect(nearest(given, decidedAfter(given, [null, null, null]))).toBe('a datapoint of cpu');
  });

  test('fresh evidence for a rule that has acted', () => {
    const quick = policy({ scaleOut: [hot], scaleIn: [calm] });
    const here = world({ policy: quick });
    measure(here, 0, { cpu: 90 });
    decideAt(here, T0 + 55_000);
    measure(here, 1, { cpu: 90 });
    expect(nearest(quick, decideAt(here, T0 + MINUTE + 55_000))).toBe(
      'cpu 90 for a period that begins after the last change is in service',
    );
  });

  test('a bound that only another policy would move', () => {
    const full = policy({ scaleOut: [hot], capacity: { min: 2, max: 4 } });
    expect(nearest(full, decidedAfter(full, [90]))).toBe('a max above 4 (capacity.max)');
  });

  test('of a change: what would have kept the count', () => {
    const quick = policy({ scaleOut: [hot], scaleIn: [calm] });
    expect(nearest(quick, decidedAfter(quick, [75]))).toBe('cpu 5 lower');
    expect(nearest(quick, decidedAfter(quick, [30, 30, 39]))).toBe('cpu 1 higher');
  });

  test('nothing, where a rule would have acted without the newest period too', () => {
    const lenient = policy({ scaleOut: [rule('warm', 'cpu > 70', tasks(1), '2 of 3')] });
    expect(nearest(lenient, decidedAfter(lenient, [75, 75, 75]))).toBeUndefined();
    expect(nearest(lenient, decidedAfter(lenient, [50, 75, 75]))).toBe('cpu 5 lower');
  });

  test('the edges of a tolerance', () => {
    const aimed = policy({ signals: { rps }, targets: [perTask('rps', 100)] });
    const here = world({ policy: aimed });
    measure(here, 0, { rps: 410 });
    expect(nearest(aimed, decideAt(here, T0 + 55_000))).toBe('rps 34.4 higher');
  });

  test('a rule towards in does not matter at min', () => {
    const low = policy({ scaleOut: [hot], scaleIn: [calm], capacity: { min: 4, max: 9 } });
    expect(nearest(low, decidedAfter(low, [41, 41, 41]))).toBe('cpu 29.1 higher');
  });
});

describe('nearest is true: with that change the answer is another one', () => {
  const given = policy({
    signals: { cpu, rps },
    scaleOut: [rule('hot', 'cpu > 70 || (rps > 800 && cpu > 50)', percent(50))],
    scaleIn: [rule('calm', 'cpu < 40 && rps < 300', tasks(1))],
    targets: [perTask('rps', 120)],
  });
  const decided = (values: Readonly<Record<string, number>>): Decided => {
    const here = world({ policy: given });
    measure(here, 0, values);
    return decide(given, EMPTY_STATE, observationAt(here, T0 + 55_000), T0 + 55_000);
  };

  test('whatever was measured', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 12_000 }), (cpuTenths, rpsTenths) => {
        const values: Record<string, number> = { cpu: cpuTenths / 10, rps: rpsTenths / 10 };
        const before = decided(values);
        const change = explainLong(given, before).nearest;
        if (before.decision.action !== 'hold' || change?.kind !== 'signal') return;
        for (const [, signal = '', size, way] of change.sentence.matchAll(/(\w+) ([\d.]+) (higher|lower)/g))
          values[signal] = (values[signal] ?? 0) + Number(size) * (way === 'higher' ? 1 : -1);
        expect(decided(values).decision.to).not.toBe(before.decision.to);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the table', () => {
  const given = policy({
    signals: { cpu, rps },
    scaleOut: [rule('emergency', "cpu > 80 && avg(rps, '2m') > 500", percent(50)), warm],
    scaleIn: [calm],
    targets: [perTask('rps', 120)],
  });
  const here = world({ policy: given });
  measure(here, -1, { cpu: 60, rps: 430 });
  measureFor(here, 0, 1, { cpu: 71, rps: 430 });
  const now = T0 + MINUTE + 55_000;
  const observation = observationAt(here, now);
  const decided = decideAt(here, now);

  test('has every rule, period, comparison, signal and the nearest change', () => {
    expect(explainLongText(given, decided, { observation, now }).split('\n')).toEqual([
      'hold 4: warm true 2 of 3 (cpu 71), 1 more period would do',
      '',
      'list      name       vote                       asks  periods  needs   compared',
      'scaleOut  emergency  abstain, false                   F        1 of 1  cpu > 80: 71 > 80 false',
      "                                                                       avg(rps, '2m') > 500: 430 > 500 false",
      'scaleOut  warm       abstain, false                   TTF      3 of 3  cpu > 70: 71 > 70 true',
      'scaleIn   calm       abstain, false                   FFF      3 of 3  cpu < 40: 71 < 40 false',
      'targets   rps        abstain, inside tolerance  4                      needs 3.58 tasks',
      '',
      'signal  value  age',
      'cpu     71     55 s',
      'rps     430    55 s',
      '',
      'nearest: cpu 71 for one more minute (warm)',
    ]);
  });

  test('without the moment, windows are unknown and the rest is the same', () => {
    const text = explainLongText(given, decided);
    expect(text).toContain("avg(rps, '2m') > 500: ? > 500 unknown");
    expect(text).toContain('cpu > 80: 71 > 80 false');
  });

  test('what damped a wish is there, with both counts', () => {
    const quick = policy({ scaleOut: [hot], capacity: { min: 2, max: 4 } });
    expect(explainLongText(quick, decidedAfter(quick, [90]))).toContain(
      'stopped or changed by          from  to\nmax 4 (capacity.max), asked 5  5     4',
    );
  });

  test('JSON has the reasons as they are, and the nearest change', () => {
    const json = explainJson(given, decided);
    expect(json.reasons).toEqual(decided.reasons);
    expect(json.nearest).toEqual({ kind: 'periods', sentence: 'cpu 71 for one more minute', voter: 'warm' });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});
