/** What a service remembers of its signals: the past of those that have none, and who spoke last. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../lib/policy/decide.ts';
import { explain } from '../../lib/policy/explain.ts';
import type { Datapoint, Observation, Reading } from '../../lib/policy/observation.ts';
import type { ServicePolicy } from '../../lib/policy/policy.ts';
import { periodsNeeded } from '../../lib/policy/requirements.ts';
import { recollect } from '../../lib/policy/signal-rings.ts';
import { EMPTY_STATE, type Rings } from '../../lib/policy/state.ts';
import { rule, tasks } from '../support/policies.ts';
import { cpu, MINUTE, policy, queue, steady, T0 } from '../support/story.ts';

const SECOND = 1000;
const jobs = { ...queue, periodSeconds: 20 };
const flood = policy({
  cadenceSeconds: 20,
  signals: { jobs },
  scaleOut: [rule('flood', 'jobs > 100', tasks(2), '3 of 3')],
});

function complete(values: readonly Datapoint[], periodSeconds = 20): Reading {
  return { status: 'complete', periodSeconds, values };
}

/** One read of the queue at each of these seconds, rings through JSON in between; the truth of the rule after each. */
function reads(given: ServicePolicy, ...at: readonly (readonly [second: number, value: number | null])[]): string[] {
  let rings: Rings = EMPTY_STATE.rings;
  return at.map(([second, value]) => {
    const now = T0 + second * SECOND;
    const jobsNow =
      value === null ? { ...complete([]), status: 'failed' as const } : complete([[now - 20 * SECOND, value]]);
    const seen = recollect(given, { service: steady(4), signals: { jobs: jobsNow } }, rings, now);
    rings = JSON.parse(JSON.stringify(seen.rings));
    const { reasons } = decide(given, { ...EMPTY_STATE, rings }, seen.observation, now);
    return reasons.map((reason) => (reason.kind === 'vote' ? reason.truth : '')).join('');
  });
}

describe('a source without a history', () => {
  test('earns 3 of 3 one read at a time', () => {
    expect(reads(flood, [0, 500], [20, 500], [40, 500], [60, 0])).toEqual(['T??', 'TT?', 'TTT', 'FTT']);
  });

  test('forgives ticks that come a little early or late, also across the edge of a period', () => {
    expect(reads(flood, [1, 500], [19.8, 500], [40.4, 500], [59.9, 500]).at(-1)).toBe('TTT');
  });

  test('a tick that never came is a gap, and so is one that could not read', () => {
    expect(reads(flood, [0, 500], [20, 500], [60, 500]).at(-1)).toBe('T?T');
    expect(reads(flood, [0, 500], [20, 500], [40, null], [60, 500]).at(-1)).toBe('T?T');
  });

  test('two reads within a period are one: the newer', () => {
    expect(reads(flood, [0, 500], [20, 500], [35, 500], [40, 0]).at(-1)).toBe('FTT');
  });

  test('what no rule can ask for any more is forgotten', () => {
    let rings: Rings = EMPTY_STATE.rings;
    for (let second = 0; second < 3600; second += 20) {
      const now = T0 + second * SECOND;
      const signals = { jobs: complete([[now - 20 * SECOND, second]]) };
      rings = recollect(flood, { service: steady(4), signals }, rings, now).rings;
    }
    expect(rings.signals?.jobs?.length).toBeLessThanOrEqual(12);
  });

  test('keeps its ring where it could not be read, and one that left the policy is forgotten', () => {
    const observation: Observation = { service: steady(4), signals: { jobs: { ...complete([]), status: 'failed' } } };
    const before = { ...EMPTY_STATE.rings, signals: { jobs: [[T0 - 40 * SECOND, 9]] as Datapoint[], gone: [] } };
    const { rings } = recollect(flood, observation, before, T0);
    expect(rings.signals).toEqual({ jobs: [[T0 - 40 * SECOND, 9]] });
  });
});

describe('a queue beside a CPU that is known a minute later', () => {
  const calm = rule('calm', 'cpu < 40 && jobs < 10', tasks(1), '3 of 3');
  const banded = {
    ...calm,
    when: 'cpu < 40',
    change: { kind: 'bands', signal: 'jobs', bands: [{ from: null, to: 10, change: { kind: 'tasks', tasks: 1 } }] },
  } as const;

  /** The truth of the rule at every read of minutes 15 to 20, rings through JSON in between. */
  function truths(scaleIn: ServicePolicy['scaleIn'], phaseSeconds: number, cadenceSeconds = 20): ReadonlySet<string> {
    const fine = { ...jobs, periodSeconds: cadenceSeconds };
    const mixed = policy({ cadenceSeconds, signals: { cpu, jobs: fine }, scaleIn });
    const periods = periodsNeeded(mixed).cpu ?? 0;
    let rings: Rings = EMPTY_STATE.rings;
    const found = new Set<string>();
    for (let second = phaseSeconds; second < 1200; second += cadenceSeconds) {
      const now = T0 + second * SECOND;
      const settled = Math.floor((now - 50 * SECOND) / MINUTE);
      const cells = Array.from({ length: periods }, (_, back): Datapoint => [(settled - back - 1) * MINUTE, 20, 4]);
      const signals = {
        cpu: complete(cells, 60),
        jobs: complete([[now - cadenceSeconds * SECOND, 0]], cadenceSeconds),
      };
      const seen = recollect(mixed, { service: steady(4), signals }, rings, now);
      rings = JSON.parse(JSON.stringify(seen.rings));
      const { reasons } = decide(mixed, { ...EMPTY_STATE, rings }, seen.observation, now);
      const [vote] = reasons.filter((reason) => reason.kind === 'vote');
      if (second >= 900) found.add(`${vote?.vote} ${vote?.truth}`);
    }
    return found;
  }

  test.each([0, 3, 17])('is remembered as far back as the CPU lies, with reads at :%s', (phase) => {
    expect([...truths([calm], phase)]).toEqual(['in TTT']);
  });

  test.each([0, 3, 7])('also where it is read every 10 s, at :%s', (phase) => {
    expect([...truths([calm], phase, 10)]).toEqual(['in TTT']);
  });

  test.each([0, 3, 17])('also where only a band looks at it, with reads at :%s', (phase) => {
    expect([...truths([banded], phase)]).toEqual(['in TTT']);
  });
});

describe('after a switch of source', () => {
  const calm = { scaleIn: [rule('calm', 'load < 40', tasks(1), '3 of 3')] };
  const measured = policy({ signals: { load: cpu }, ...calm });
  const other = policy({ signals: { load: { ...cpu, stat: 'p90' } }, ...calm });
  const standIn = policy({
    signals: { load: { ...cpu, whenMissing: { kind: 'use', signal: 'rps' } }, rps: { ...cpu, stat: 'p90' } },
    ...calm,
  });

  /** Four minutes at 20, settled at minute `m`. */
  function minutes(m: number, value = 20): Reading {
    return complete(
      [4, 3, 2, 1].map((ago) => [T0 + (m - ago) * MINUTE, value]),
      60,
    );
  }

  function told(rows: readonly (readonly [ServicePolicy, number, Record<string, Reading>])[]): string[] {
    let rings: Rings = EMPTY_STATE.rings;
    return rows.map(([given, minute, signals]) => {
      const now = T0 + minute * MINUTE + 55 * SECOND;
      const seen = recollect(given, { service: steady(4), signals }, rings, now);
      rings = seen.rings;
      const decided = decide(given, { ...EMPTY_STATE, rings }, seen.observation, now);
      const [vote] = decided.reasons.filter((reason) => reason.kind === 'vote');
      return `${vote?.truth} ${decided.decision.action}`;
    });
  }

  test('at first sight the source’s own history counts', () => {
    expect(told([[measured, 0, { load: minutes(0) }]])).toEqual(['TTT in']);
  });

  test('in the policy, m of n is earned anew', () => {
    const rows = [0, 1, 2, 3].map((m) => [m === 0 ? measured : other, m, { load: minutes(m) }] as const);
    expect(told(rows)).toEqual(['TTT in', 'T?? hold', 'TT? hold', 'TTT in']);
  });

  test('to what stands in for it and back again, too', () => {
    const failed: Reading = { status: 'failed', periodSeconds: 60, values: [], cause: 'down' };
    const rows = [0, 1, 2, 3, 4].map(
      (m) => [standIn, m, { load: m === 1 || m === 2 ? failed : minutes(m), rps: minutes(m) }] as const,
    );
    expect(told(rows)).toEqual(['TTT in', 'T?? hold', 'TT? hold', 'T?? hold', 'TT? hold']);
  });

  test('a source that nobody could read for a while and that comes back is no other', () => {
    const failed: Reading = { status: 'failed', periodSeconds: 60, values: [], cause: 'down' };
    const rows = [0, 1, 2].map((m) => [measured, m, { load: m === 1 ? failed : minutes(m) }] as const);
    expect(told(rows)).toEqual(['TTT in', '??? hold', 'TTT in']);
  });

  test('the operator reads why it waits', () => {
    const now = T0 + MINUTE + 55 * SECOND;
    const before = recollect(measured, { service: steady(4), signals: { load: minutes(0) } }, EMPTY_STATE.rings, T0);
    const seen = recollect(other, { service: steady(4), signals: { load: minutes(1) } }, before.rings, now);
    expect(explain(decide(other, { ...EMPTY_STATE, rings: seen.rings }, seen.observation, now))).toContain('calm');
  });
});
