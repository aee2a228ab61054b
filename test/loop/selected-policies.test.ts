import { describe, expect, test } from '@jest/globals';
import { manualClock } from '../../lib/loop/manual-clock.ts';
import { memoryPolicies } from '../../lib/loop/memory-policies.ts';
import { type FindTagged, REFRESH_MS, selectedPolicies } from '../../lib/loop/selected-policies.ts';
import type { PolicySet, ServiceName } from '../../lib/policy/policy.ts';
import { policy } from '../support/story.ts';

const { cluster: _, service: __, ...web } = policy();
const set: PolicySet = {
  version: 'v1',
  services: [],
  tagged: [{ tags: { schmitt: 'web' }, policy: web }],
  groups: [],
  allow: [],
  deny: [],
};
const live = () => new AbortController().signal;

function finding() {
  const clock = manualClock(0);
  let answer: readonly ServiceName[] | Error = [];
  let asked = 0;
  const find: FindTagged = async () => {
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const policies = selectedPolicies(memoryPolicies(set), find, clock);
  return {
    clock,
    answers: (next: typeof answer) => {
      answer = next;
    },
    asked: () => asked,
    names: async () => (await policies.load(live())).services.map(({ cluster, service }) => `${cluster}/${service}`),
  };
}

describe('services found by their tags', () => {
  test('are asked for now and then, not at every tick', async () => {
    const here = finding();
    here.answers([{ cluster: 'prod', service: 'a' }]);
    expect(await here.names()).toEqual(['prod/a']);
    here.answers([
      { cluster: 'prod', service: 'a' },
      { cluster: 'prod', service: 'b' },
    ]);
    here.clock.advance(REFRESH_MS - 1);
    expect(await here.names()).toEqual(['prod/a']);
    here.clock.advance(1);
    expect(await here.names()).toEqual(['prod/a', 'prod/b']);
    expect(here.asked()).toBe(2);
  });

  test('stay while nobody can say; where nobody ever could, the fault is thrown', async () => {
    const here = finding();
    here.answers(new Error('throttled'));
    await expect(here.names()).rejects.toThrow('throttled');
    here.answers([{ cluster: 'prod', service: 'a' }]);
    expect(await here.names()).toEqual(['prod/a']);
    here.answers(new Error('throttled'));
    here.clock.advance(REFRESH_MS);
    expect(await here.names()).toEqual(['prod/a']);
  });
});
