/** What is read for a shard, and in which order. */
import { describe, expect, test } from '@jest/globals';
import { memoryServices } from '../../lib/loop/memory-services.ts';
import { memorySignals } from '../../lib/loop/memory-signals.ts';
import { observe } from '../../lib/loop/observe.ts';
import type { SignalSource } from '../../lib/policy/policy.ts';
import { cpu, policy, T0 } from '../support/story.ts';

const live = (): AbortSignal => new AbortController().signal;
const BLUE = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/blue/1';

async function targetGroupsAsked(source: SignalSource) {
  const [services, signals] = [memoryServices(), memorySignals()];
  const own = policy({ signals: { cpu, one: { ...cpu, source } } });
  services.put(own, { desired: 2, running: 2, targetGroups: [BLUE] });
  await observe({ services, signals }, [own], T0, live());
  return signals.asked.flat().find(({ name }) => name === 'one')?.targetGroups;
}

describe('signals that are read by target group', () => {
  test('are asked for with those that the service has now', async () => {
    expect(await targetGroupsAsked({ kind: 'alb', metric: 'RequestCount' })).toEqual([BLUE]);
    const part = { kind: 'alb', metric: 'HTTPCode_Target_5XX_Count' } as const;
    expect(await targetGroupsAsked({ kind: 'share', part, of: 'rps' })).toEqual([BLUE]);
  });

  test('others do not wait for the description', async () => {
    expect(await targetGroupsAsked({ kind: 'ecs', metric: 'CPUUtilization' })).toBeUndefined();
  });
});
