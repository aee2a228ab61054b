import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHpa, type HpaMetric } from '../../../lib/sim/peers/kubernetes/hpa.ts';
import { follow, podsAt, rosterOf } from '../../../lib/sim/peers/kubernetes/roster.ts';
import { at, IdealService, type Situation, seen } from './seen.ts';

const sample = (seconds: number, cpuPercent: number, ready = 10) => ({
  at: at(seconds),
  seconds: 15,
  arrivedPerSecond: 600,
  servedPerSecond: 600,
  concurrency: 24,
  ready,
  cpuPercent,
});

describe('the roster of pods', () => {
  const view = (situation: Situation) => seen(situation).service;

  test('a new pod is pending, then runs, then is ready, and keeps the time it started', () => {
    const roster = rosterOf(view({ desired: 2 }));
    follow(roster, view({ desired: 3, running: 2, pending: 1 }), at(15));
    follow(roster, view({ desired: 3, running: 3, inService: 2 }), at(45));
    follow(roster, view({ desired: 3 }), at(60));
    expect(roster.ready.at(-1)).toEqual({ startedAt: at(15), runningAt: at(45), readyAt: at(60) });
    expect([roster.pending.length, roster.running.length, roster.ready.length]).toEqual([0, 0, 3]);
  });

  test('pods that leave are gone, whatever their stage', () => {
    const roster = rosterOf(view({ desired: 5 }));
    follow(roster, view({ desired: 5, pending: 3 }), at(15));
    follow(roster, view({ desired: 2 }), at(30));
    expect([roster.pending.length, roster.running.length, roster.ready.length]).toEqual([0, 0, 2]);
  });

  test('of those that are ready the youngest leave, as a replica set chooses', () => {
    const roster = rosterOf(view({ desired: 2 }));
    follow(roster, view({ desired: 3 }), at(15));
    follow(roster, view({ desired: 2 }), at(30));
    expect(roster.ready.map(({ startedAt }) => startedAt)).toEqual(new Array(2).fill(Number.NEGATIVE_INFINITY));
  });

  test('its counts are always those of the plant', () => {
    const counts = fc.record({ pending: fc.nat(5), starting: fc.nat(5), inService: fc.nat(8) });
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 20 }), (steps) => {
        const roster = rosterOf(view({ desired: 3 }));
        steps.forEach(({ pending, starting, inService }, i) => {
          follow(roster, view({ pending, running: inService + starting, inService }), at(15 * i));
          const lengths = [roster.pending.length, roster.running.length, roster.ready.length];
          expect(lengths).toEqual([pending, starting, inService]);
        });
      }),
    );
  });

  test('a pod that came after the scrape has no sample', () => {
    const roster = rosterOf(view({ desired: 1 }));
    follow(roster, view({ desired: 2 }), at(30));
    expect(podsAt(roster, sample(30, 50)).map(({ usage }) => usage?.value)).toEqual([500, undefined]);
    expect(podsAt(roster, sample(45, 50)).map(({ usage }) => usage?.value)).toEqual([500, 500]);
    // Nobody was in service while it was taken: that is no usage of zero.
    const nobody = { ...sample(45, 0, 0), cpuPercent: null };
    expect(podsAt(roster, nobody).map(({ usage }) => usage)).toEqual([undefined, undefined]);
  });
});

/** Decides every 15 s on the same CPU; the counts it asked for. */
function decideFor(times: number, cpu: number, metrics: readonly HpaMetric[], situation: Situation = {}) {
  const peer = createHpa({ metrics });
  let desired = situation.desired ?? 10;
  return Array.from({ length: times }, (_, i) => {
    const seconds = 15 * (i + 1);
    desired = peer.decide(seen({ ...situation, desired, seconds, sample: sample(seconds, cpu, desired) })) ?? desired;
    return desired;
  });
}

const CPU: readonly HpaMetric[] = [{ kind: 'cpu', targetPercent: 60 }];

describe('the peer', () => {
  test('the metrics server is a scrape behind: nothing at first, then in proportion', () => {
    expect(decideFor(2, 90, CPU)).toEqual([10, 15]);
  });

  test('pods that start damp a further increase: 5 of 15 are not ready, so 90 % of ten is 60 % of fifteen', () => {
    const peer = createHpa({ metrics: CPU });
    const decide = (seconds: number, situation: Situation) =>
      peer.decide(seen({ ...situation, seconds, sample: sample(seconds, 90) }));
    expect(decide(15, {})).toBeUndefined();
    expect(decide(30, {})).toBe(15);
    expect(decide(45, { desired: 15, running: 10, pending: 5 })).toBeUndefined();
    expect(decide(60, { desired: 15, running: 15, inService: 10 })).toBeUndefined();
  });

  test('a rate per pod counts pods without traffic as zero: 60 a second of ten pods are 40 of fifteen', () => {
    const peer = createHpa({ metrics: [{ kind: 'ratePerPod', target: 40 }] });
    const decide = (seconds: number, situation: Situation) =>
      peer.decide(seen({ ...situation, seconds, sample: sample(seconds, 60) }));
    expect([15, 30].map((seconds) => decide(seconds, {}))).toEqual([undefined, 15]);
    const starting = { desired: 15, running: 15, inService: 10 };
    expect([45, 60, 75, 90].map((seconds) => decide(seconds, starting))).toEqual(new Array(4).fill(undefined));
  });

  test('it syncs every 15 s, as kube-controller-manager does by default', () => {
    expect(createHpa({ metrics: CPU }).everySeconds).toBe(15);
  });

  test('it scales in after five minutes of wanting to', () => {
    const counts = decideFor(24, 30, CPU);
    // What it found at its start, at 15 s, has then left the window.
    expect(counts.indexOf(5) * 15 + 15).toBe(315);
  });

  test('without a sample, as in a gap of the load, it leaves the count', () => {
    const peer = createHpa({ metrics: CPU });
    expect([15, 30, 45].map((seconds) => peer.decide(seen({ seconds })))).toEqual([undefined, undefined, undefined]);
  });

  test('of two metrics the one that wants more counts', () => {
    const rate: HpaMetric = { kind: 'ratePerPod', target: 40 };
    // 600 requests a second over ten pods are 60 each: half as much again as the target, while CPU wants an eighth more.
    expect(decideFor(2, 68, [...CPU, rate])).toEqual([10, 15]);
  });

  test('a total from outside counts per replica, or in all by the replicas that are ready', () => {
    const total = () => 200;
    const half: Situation = { desired: 10, running: 10, inService: 5 };
    expect(decideFor(1, 60, [{ kind: 'external', perReplica: 12, total }], half)).toEqual([17]);
    expect(decideFor(1, 60, [{ kind: 'externalValue', target: 75, total }], half)).toEqual([14]);
    expect(decideFor(1, 60, [{ kind: 'externalValue', target: 75, total: () => undefined }])).toEqual([10]);
  });

  test('the replicas it counts are those asked for, also while they start', () => {
    const metrics = [{ kind: 'external', perReplica: 10, total: () => 150 }] as const;
    expect(createHpa({ metrics }).decide(seen({ desired: 15, running: 10, pending: 5, seconds: 15 }))).toBeUndefined();
  });

  test('without delays it ends at the load ÷ the target, rounded up, or within the tenth that counts as none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 5000 }), fc.integer({ min: 1, max: 200 }), (load, before) => {
        const tasks = new IdealService(load, before).run(createHpa({ metrics: CPU }), 1);
        // Utilisation is cut to a whole percent before it is compared: 66.9 % is 66 %, within a tenth of 60 %.
        const percent = Math.trunc(load / tasks);
        const isWithin = Math.abs(percent / 60 - 1) <= 0.1 + 1e-9;
        expect(isWithin || tasks === Math.ceil(load / 60) || tasks === 1).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
