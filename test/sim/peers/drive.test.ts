import { describe, expect, test } from '@jest/globals';
import { constant, dayWithFlashCrowd, generate, step } from '../../../lib/sim/generate.ts';
import { sampledLoad } from '../../../lib/sim/load.ts';
import { PEERS, peerNamed } from '../../../lib/sim/peers/catalogue.ts';
import { drive } from '../../../lib/sim/peers/drive.ts';
import { createFixedFleet, fixedFleetSize } from '../../../lib/sim/peers/fixed-fleet.ts';
import type { Peer, PeerView } from '../../../lib/sim/peers/peer.ts';
import { createPlant, type PlantKind } from '../../../lib/sim/plant.ts';
import type { Load } from '../../../lib/sim/types.ts';
import { START } from './seen.ts';

const CAPACITY = { min: 2, max: 50 };
const hours = (count: number, rate: number) =>
  generate(constant(rate), { name: 'flat', hours: count, startsAt: START });

/** Keeps what it saw as plain data, and answers as told. */
function watcher(everySeconds: number, answer: (seen: PeerView) => number | undefined = () => undefined) {
  const views: { now: number; desired: number; sample: PeerView['sample']; newest: number }[] = [];
  const peer: Peer = {
    name: 'watcher',
    everySeconds,
    decide(seen) {
      const points = seen.metrics.flatMap((metric) => metric.datapoints(0, Number.MAX_SAFE_INTEGER));
      const newest = Math.max(0, ...points.map(({ visibleAt }) => visibleAt));
      views.push({ now: seen.now, desired: seen.service.desired, sample: seen.sample, newest });
      return answer(seen);
    },
  };
  return { peer, views };
}

function run(peer: Peer, load: Load, more: { kind?: PlantKind; desired?: number } = {}) {
  const plant = createPlant({ load, seed: 1, desired: 4, ...more });
  return drive({ peer, plant, load, capacity: CAPACITY, ...(more.kind && { kind: more.kind }) });
}

describe('driving a peer', () => {
  test("decisions lie on the clock's grid, from the first after the beginning to the last before the end", () => {
    const load = sampledLoad('odd', START + 7000, 10, new Float64Array(12).fill(100));
    const { peer, views } = watcher(15);
    const { decisions } = run(peer, load);
    expect(views.map(({ now }) => (now - START) / 1000)).toEqual([15, 30, 45, 60, 75, 90, 105, 120]);
    expect(decisions).toBe(8);
  });

  test('every change is there with its moment, kept within the bounds, and nothing is written twice', () => {
    const wishes = [1000, 1000, undefined, 0, 4];
    const { peer } = watcher(60, () => wishes.shift());
    const { changes } = run(peer, hours(0.25, 100));
    expect(changes.map(({ at, from, to }) => [(at - START) / 1000, from, to])).toEqual([
      [60, 4, 50],
      [240, 50, 2],
      [300, 2, 4],
    ]);
  });

  test('no metric is seen before it is published', () => {
    const { peer, views } = watcher(10);
    run(peer, hours(0.25, 200));
    expect(views.some(({ newest }) => newest > 0)).toBe(true);
    for (const { now, newest } of views) expect(newest).toBeLessThanOrEqual(now);
  });

  test('the same load, plant and peer: the same run, byte for byte', () => {
    const load = dayWithFlashCrowd(3);
    const [first, second] = [0, 1].map(() => {
      const peer = peerNamed('kubernetes-hpa')?.create({ kind: 'cpu', capacityPerTask: 100, utilisation: 0.6, load });
      if (peer === undefined) throw new Error('no such peer');
      return JSON.stringify(run(peer, load));
    });
    expect(first).toBe(second);
  });

  test('what a peer cannot know cannot change it: two loads that part at noon have the same morning', () => {
    const noon = START + 12 * 3_600_000;
    const [calm, wild] = [100, 3000].map((after) =>
      generate(step({ atHour: 12, before: 400, after }), { name: 'step', hours: 14, startsAt: START }),
    );
    if (calm === undefined || wild === undefined) throw new Error('no load');
    for (const entry of PEERS.filter(({ name }) => name !== 'fixed-p99')) {
      const [one, other] = [calm, wild].map((load) => {
        const peer = entry.create({ kind: 'cpu', capacityPerTask: 100, utilisation: 0.6, load });
        const plant = createPlant({ load, seed: 1, desired: 4, metricPeriodSeconds: entry.metricPeriodSeconds });
        return drive({ peer, plant, load, capacity: CAPACITY }).changes.filter(({ at }) => at <= noon);
      });
      expect([entry.name, one]).toEqual([entry.name, other]);
    }
  });

  test('something may happen to the service meanwhile', () => {
    const load = hours(1, 100);
    const plant = createPlant({ load, seed: 1, desired: 4 });
    const { peer } = watcher(60);
    drive({
      peer,
      plant,
      load,
      capacity: CAPACITY,
      meanwhile: [{ at: START + 600_000, act: (deployed) => deployed.deploy() }],
    });
    expect(plant.view().deployments[0]?.taskDefinition).toBe('checkout:2');
  });
});

describe('what scraping the tasks tells', () => {
  test("requests, tasks and CPU are those of the plant's own rows", () => {
    const { peer, views } = watcher(60);
    const { rows } = run(peer, hours(1, 240));
    const { sample } = views[30] ?? { sample: null };
    const row = rows[30];
    expect(sample?.arrivedPerSecond).toBeCloseTo(240);
    expect(sample?.ready).toBe(4);
    // 60 % of what they can take plus the base that the plant draws between 1 and 5 %.
    expect(Math.abs((sample?.cpuPercent ?? 0) - (row?.cpu ?? 0))).toBeLessThan(2.1);
    // Little's law: a task works on four requests at once at its capacity.
    expect(sample?.concurrency).toBeCloseTo(4 * 4 * 0.6);
  });

  test.each<[PlantKind, number]>([
    ['cpu', 63],
    ['io', 9],
  ])('a %s task at 60 %% of its capacity shows about %d %% of CPU', (kind, expected) => {
    const { peer, views } = watcher(60);
    run(peer, hours(0.5, 240), { kind });
    expect(Math.abs((views[10]?.sample?.cpuPercent ?? 0) - expected)).toBeLessThan(0.5);
  });

  test('beyond capacity CPU stays at 100 % and requests pile up', () => {
    const { peer, views } = watcher(60);
    run(peer, hours(0.5, 800));
    const { sample } = views[10] ?? { sample: null };
    expect(sample?.cpuPercent).toBe(100);
    expect(sample?.concurrency).toBeGreaterThan(1000);
  });

  test('in a gap of the load nobody knows', () => {
    const rates = Float64Array.from({ length: 10 }, (_, i) => (i >= 3 && i < 5 ? Number.NaN : 100));
    const known = (everySeconds: number) => {
      const { peer, views } = watcher(everySeconds);
      run(peer, sampledLoad('with a gap', START, 60, rates));
      return views.map(({ sample }) => (sample === null ? '?' : 'k')).join('');
    };
    expect(known(60)).toBe('kkk??kkkk');
    // A stretch with a gap in any part of it.
    expect(known(120)).toBe('k??k');
  });
});

describe('the fixed fleet', () => {
  test('is as large as the 99th percentile of the load asks for', () => {
    const rates = Float64Array.from({ length: 100 }, (_, i) => (i + 1) * 10);
    const load = sampledLoad('ramp', START, 60, rates);
    expect(fixedFleetSize({ load, capacityPerTask: 100 })).toBe(10);
    expect(fixedFleetSize({ load, capacityPerTask: 100, utilisation: 0.5 })).toBe(20);
    expect(fixedFleetSize({ load, capacityPerTask: 60, percentile: 0.6 })).toBe(10);
  });

  test('leaves out the busiest hundredth, has at least a task, and takes no rounding error for one', () => {
    const sized = (rates: readonly number[], utilisation = 1) =>
      fixedFleetSize({
        load: sampledLoad('any', START, 60, Float64Array.from(rates)),
        capacityPerTask: 100,
        utilisation,
      });
    expect(sized([...new Array<number>(199).fill(300), 9000])).toBe(3);
    expect(sized([0, 0])).toBe(1);
    expect(sized([570, 570], 0.57)).toBe(10);
  });

  test('is there within a minute and stays, also where that is fewer than there were', () => {
    const { changes: fewer } = run(createFixedFleet({ load: hours(1, 250), capacityPerTask: 100 }), hours(1, 250));
    expect(fewer).toEqual([{ at: START + 60_000, from: 4, to: 3 }]);

    const load = hours(2, 900);
    const { changes } = run(createFixedFleet({ load, capacityPerTask: 100 }), load);
    expect(changes).toEqual([{ at: START + 60_000, from: 4, to: 9 }]);
  });
});

describe('the catalogue', () => {
  test.each(PEERS.flatMap((entry) => entry.kinds.map((kind) => [entry.name, kind] as const)))(
    '%s follows a %s load up and down again',
    (name, kind) => {
      const entry = peerNamed(name);
      if (entry === undefined) throw new Error(`no peer is called ${name}`);
      const load = generate((second) => (second > 3600 && second < 2.5 * 3600 ? 1800 : 300), {
        name: 'up and down',
        hours: 8,
        startsAt: START,
      });
      const plant = createPlant({ load, seed: 1, desired: 8, kind, metricPeriodSeconds: entry.metricPeriodSeconds });
      const peer = entry.create({ kind, capacityPerTask: 100, utilisation: 0.6, load });
      expect(peer.name).toBe(name);
      const { rows } = drive({ peer, plant, load, capacity: CAPACITY, kind });
      // A backlog says nothing about how much spare capacity there is, so those that look at one alone swing around the need.
      const busy = rows.slice(60, 150).map(({ inService }) => inService);
      expect(Math.max(...busy)).toBeGreaterThanOrEqual(18);
      const calm = rows.slice(-60).map(({ desired }) => desired);
      if (name !== 'fixed-p99') expect(Math.min(...calm)).toBeLessThan(8);
    },
  );
});
