/** Latency that more tasks do not mend: a database behind the service, a slow dependency. */
import { describe, expect, test } from '@jest/globals';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import { rule, tasks } from '../support/policies.ts';
import {
  cpu,
  type Measured,
  measure,
  policy,
  type Row,
  rps,
  started,
  tell,
  tickAt,
  type World,
  world,
} from '../support/story.ts';

const p95: SignalSpec = { ...rps, source: { kind: 'alb', metric: 'TargetResponseTime' }, stat: 'p95', scale: 1000 };
const signals = { cpu, rps, p95 };
const slow = rule('slow', 'p95 > 800 && rps > 100', tasks(1));

const given = () => world({ policy: policy({ signals, scaleOut: [slow] }) });

/** An increase at `minute`; its tasks are seen in service a minute later, and the minute after that is fresh evidence. */
function increase(minute: number, latency: number, load: number, from: number): readonly Row[] {
  const measured = { cpu: 50, p95: latency, rps: load };
  return [[minute, measured, asks(from, latency, load)], inService(minute + 1, measured)];
}

function inService(minute: number, measured: Measured): (world: World) => void {
  return (world) => {
    started(world);
    measure(world, minute, measured);
    tickAt(world, minute);
  };
}

const asks = (from: number, latency: number, load: number) =>
  `${from} → ${from + 1}: slow true 1 of 1 (p95 ${latency}, rps ${load}) asks ${from + 1} from ${from}`;

describe('more tasks do not help', () => {
  test('after two increases that made nothing better the rule asks for no more, and nothing is given back under it', () => {
    tell(given(), [
      ...increase(0, 900, 400, 4),
      ...increase(3, 910, 400, 5),
      [
        6,
        { cpu: 50, p95: 870, rps: 400 },
        'hold 6: slow true (p95 870, rps 400), more tasks do not help: two increases made it no better',
      ],
      [
        9,
        { cpu: 50, p95: 990, rps: 400 },
        'hold 6: slow true (p95 990, rps 400), more tasks do not help: two increases made it no better',
      ],
    ]);
  });

  test('5 % better is a help', () => {
    tell(given(), [...increase(0, 900, 400, 4), ...increase(3, 900, 400, 5), ...increase(6, 850, 400, 6)]);
  });

  test('under a load that grows with the tasks nothing is proven', () => {
    tell(given(), [...increase(0, 900, 400, 4), ...increase(3, 900, 600, 5), ...increase(6, 900, 800, 6)]);
  });

  test('it is forgotten when the rule turns false', () => {
    const story = given();
    tell(story, [
      ...increase(0, 900, 400, 4),
      ...increase(3, 900, 400, 5),
      [6, { cpu: 50, p95: 300, rps: 400 }, 'hold 6: slow false (p95 300, rps 400)'],
    ]);
    expect(story.state.efforts).toBeUndefined();
    tell(story, [...increase(9, 900, 400, 6)]);
  });

  test('CPU and load themselves prove nothing: tasks always help them or never', () => {
    const hot = rule('hot', 'cpu > 80 || rps > 100', tasks(1));
    const story = world({ policy: policy({ signals, scaleOut: [hot] }) });
    const measured = { cpu: 95, p95: 900, rps: 400 };
    for (let count = 4; count < 9; count++) {
      const sentence = `${count} → ${count + 1}: hot true 1 of 1 (cpu 95, rps 400) asks ${count + 1} from ${count}`;
      tell(story, [[3 * count, measured, sentence], inService(3 * count + 1, measured)]);
    }
  });
});
