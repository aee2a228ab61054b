/** Percentiles of too few samples say nothing: the slow request of a quiet night neither adds tasks nor keeps them. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../lib/policy/decide.ts';
import { explain } from '../../lib/policy/explain.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import type { ServicePolicy, SignalSpec } from '../../lib/policy/policy.ts';
import { samplesNeeded } from '../../lib/policy/samples.ts';
import { EMPTY_STATE } from '../../lib/policy/state.ts';
import { perTask, rule, tasks } from '../support/policies.ts';
import { cpu, MINUTE, policy, rps, steady, T0 } from '../support/story.ts';

const p95: SignalSpec = { ...rps, source: { kind: 'alb', metric: 'TargetResponseTime' }, stat: 'p95' };
const slow = rule('slow', 'p95 > 800', tasks(2));
const calm = rule('calm', 'cpu < 40', tasks(1));

/** Both known for every one of the last minutes; `samples` made each p95. The newest is last. */
function sentence(rules: Partial<ServicePolicy>, latency: number, samples: readonly number[], spec = p95): string {
  const starts = samples.map((_, index) => T0 - (samples.length - index) * MINUTE);
  const reading = (value: number): Reading => ({
    status: 'complete',
    periodSeconds: 60,
    values: starts.map((start) => [start, value, 4]),
  });
  const signals = {
    cpu: reading(20),
    p95: { ...reading(latency), samples: starts.map((start, index) => [start, samples[index] ?? 0] as const) },
  };
  const given = policy({ signals: { cpu, p95: spec }, ...rules });
  return explain(decide(given, EMPTY_STATE, { service: steady(4), signals }, T0 + 55_000));
}

describe('a percentile', () => {
  test.each([
    ['p50', 20],
    ['p90', 100],
    ['p95', 200],
    ['p99', 1_000],
    ['p99.9', 10_000],
    ['p100', undefined],
    ['Average', undefined],
    ['tm95', undefined],
  ])('%s needs %s samples', (stat, needed) => {
    expect(samplesNeeded({ source: { kind: 'alb', metric: 'TargetResponseTime' }, stat })).toBe(needed);
    expect(samplesNeeded({ source: { kind: 'pushed' }, stat })).toBeUndefined();
  });

  test('of 40 requests at night does not add tasks: the rule abstains and says why', () => {
    expect(sentence({ scaleOut: [slow] }, 2_000, [40])).toBe(
      'hold 4: slow abstains (p95 unknown: 40 samples, and p95 needs 200)',
    );
  });

  test('speaks from the very sample on that makes it sure', () => {
    expect(sentence({ scaleOut: [slow] }, 2_000, [199])).toMatch(/^hold 4: slow abstains/);
    expect(sentence({ scaleOut: [slow] }, 2_000, [200])).toBe('4 → 6: slow true 1 of 1 (p95 2000) asks 6 from 4');
  });

  test('does not keep a quiet night from scaling in, as a rule or as a guard', () => {
    const guard = { ...policy().guard, holdInWhile: ['p95 > 800'] };
    expect(sentence({ scaleOut: [slow], scaleIn: [calm], guard }, 2_000, [40])).toBe(
      '4 → 3: calm true 1 of 1 (cpu 20) asks 3 from 4',
    );
    expect(sentence({ scaleIn: [calm], guard }, 2_000, [400])).toBe(
      'hold 4: calm true 1 of 1 (cpu 20) asks 3 from 4; no scale-in: p95 > 800',
    );
  });

  test('is left to the rest of the condition where that settles it', () => {
    const either = rule('either', 'p95 > 800 || cpu > 10', tasks(1));
    expect(sentence({ scaleOut: [either] }, 2_000, [40])).toMatch(/^4 → 5: either true 1 of 1/);
    const witnessed = rule('witnessed', 'p95 > 800 && cpu > 50', tasks(1));
    expect(sentence({ scaleOut: [witnessed] }, 2_000, [40])).toMatch(/^hold 4: witnessed false/);
  });

  test('of few samples in one of three periods: the rule abstains only where that period would decide', () => {
    const twice = rule('twice', 'p95 > 800', tasks(1), '2 of 3');
    expect(sentence({ scaleOut: [twice] }, 2_000, [400, 40, 400])).toMatch(/^4 → 5: twice true 2 of 3/);
    expect(sentence({ scaleOut: [twice] }, 2_000, [40, 40, 400])).toBe(
      'hold 4: twice abstains (p95 2000), of too few samples before',
    );
  });

  test('of few samples is no zero', () => {
    const spec: SignalSpec = { ...p95, whenMissing: { kind: 'zero' } };
    const fast = rule('fast', 'p95 < 100', tasks(1));
    expect(sentence({ scaleIn: [fast] }, 2_000, [40], spec)).toMatch(/^hold 4: fast abstains/);
  });

  test('of few samples lets another signal speak for it, where the policy says so', () => {
    const spec: SignalSpec = { ...p95, whenMissing: { kind: 'use', signal: 'cpu' } };
    expect(sentence({ scaleOut: [slow] }, 2_000, [40], spec)).toBe('hold 4: slow false (p95 20)');
  });

  test('of few samples is no demand', () => {
    expect(sentence({ targets: [perTask('p95', 100)] }, 2_000, [40])).toMatch(
      /^hold 4: p95 abstains \(p95 unknown: 40/,
    );
  });

  test('is left out of a window, which is unknown where fewer than half of its datapoints stay', () => {
    const lasting = rule('lasting', "avg(p95, '4m') > 800", tasks(1));
    expect(sentence({ scaleOut: [lasting] }, 2_000, [400, 40, 400, 400])).toMatch(/^4 → 5: lasting true/);
    expect(sentence({ scaleOut: [lasting] }, 2_000, [40, 40, 40, 400])).toBe(
      'hold 4: lasting abstains (p95 2000), of too few samples before',
    );
  });

  test('that says nothing of its samples is believed', () => {
    expect(sentence({ scaleOut: [slow] }, 2_000, [Number.NaN])).toMatch(/^4 → 6: slow true/);
  });
});
