import { expect, test } from '@jest/globals';
import type { InRule } from '../../lib/policy/policy.ts';
import { cpu, measure, policy, rps, tickAt, world } from '../support/story.ts';

const calm: InRule = {
  name: 'calm',
  when: 'rps < 100',
  change: { kind: 'tasks', tasks: 1 },
  trueFor: { m: 1, n: 1 },
  thenWaitSeconds: 0,
};

/** Six ordinary minutes, then what `after` says, a minute each. */
function afterSixMinutes(
  signals: 'both' | 'rps alone',
  after: readonly (readonly [rps: number, cpu: number])[],
): readonly string[] {
  const given = world({ policy: policy({ signals: signals === 'both' ? { rps, cpu } : { rps }, scaleIn: [calm] }) });
  const minutes: (readonly [number, number])[] = [...Array.from({ length: 6 }, () => [300, 50] as const), ...after];
  return minutes.map((values, minute) => {
    measure(given, minute, signals === 'both' ? { rps: values[0], cpu: values[1] } : { rps: values[0] });
    return tickAt(given, minute);
  });
}

test('a request count that falls to zero while the CPU stays busy is a broken metric, not a calm night', () => {
  const sentences = afterSixMinutes('both', [
    [0, 50],
    [0, 50],
  ]);
  const held = 'hold 4: calm true 1 of 1 (rps 0) asks 3 from 4; no scale-in: rps fell to 0 while cpu stays at 50';
  expect(sentences.slice(6)).toEqual([held, held]);
});

test('a fall that the CPU confirms is believed at once', () => {
  expect(afterSixMinutes('both', [[0, 3]])[6]).toBe('4 → 3: calm true 1 of 1 (rps 0) asks 3 from 4');
});

test('a fall that nobody confirms is believed when it has lasted as long as the habit before it can be seen', () => {
  const sentences = afterSixMinutes(
    'rps alone',
    Array.from({ length: 12 }, () => [0, 0] as const),
  );
  const held = sentences.findIndex((sentence) =>
    sentence.includes('rps fell to 0, which it never is, and no other signal confirms it'),
  );
  const believed = sentences.findIndex((sentence) => sentence.startsWith('4 → 3'));
  expect([held, believed]).toEqual([6, 16]);
});

test('a signal that is zero now and then is believed', () => {
  expect(
    afterSixMinutes('both', [
      [0, 50],
      [300, 50],
      [0, 50],
    ])[8],
  ).toBe('4 → 3: calm true 1 of 1 (rps 0) asks 3 from 4');
});
