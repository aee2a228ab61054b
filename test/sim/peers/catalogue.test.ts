import { describe, expect, test } from '@jest/globals';
import { constant, generate } from '../../../lib/sim/generate.ts';
import { PEERS, type PeerEntry, type PeerName, peerNamed } from '../../../lib/sim/peers/catalogue.ts';
import type { Peer } from '../../../lib/sim/peers/peer.ts';
import type { PlantKind } from '../../../lib/sim/plant.ts';
import { at, metric, START, seen } from './seen.ts';

const TASKS = 10;
const CAPACITY_PER_TASK = 80;
const MINUTES = 30;

/** Ten tasks, all of whose signals stand at `times` what they are meant to be; what the peer makes of them within half an hour. */
function countAt(entry: PeerEntry, kind: PlantKind, utilisation: number, times: number): number {
  const perTask = CAPACITY_PER_TASK * utilisation * times;
  const rate = TASKS * perTask;
  const load = generate(constant(rate / times), { name: 'flat', hours: 1, startsAt: START });
  const peer = entry.create({ kind, capacityPerTask: CAPACITY_PER_TASK, utilisation, load });
  const metrics = metricsAt(entry, { cpu: 100 * utilisation * times, rate });
  for (let seconds = peer.everySeconds; seconds <= MINUTES * 60; seconds += peer.everySeconds) {
    const queue = { visible: rate * 60, inFlight: 0 };
    const sample = sampleAt(peer, seconds, { cpu: 100 * utilisation * times, rate });
    const to = peer.decide(seen({ seconds, desired: TASKS, metrics, queue, sample }));
    if (to !== undefined) return to;
  }
  return TASKS;
}

interface Level {
  readonly cpu: number;
  readonly rate: number;
}

function metricsAt({ metricPeriodSeconds: periodSeconds }: PeerEntry, { cpu, rate }: Level) {
  const flat = (value: number, seconds = 60) => new Array<number>((MINUTES * 60) / seconds).fill(value);
  return [
    metric('CPUUtilization', flat(cpu, periodSeconds), { periodSeconds, count: TASKS }),
    metric('RequestCount', flat(rate * 60)),
    metric('HealthyHostCount', flat(TASKS)),
    metric('ApproximateNumberOfMessagesVisible', flat(rate * 60)),
  ];
}

function sampleAt({ everySeconds }: Peer, seconds: number, { cpu, rate }: Level) {
  const rates = { arrivedPerSecond: rate, servedPerSecond: rate, concurrency: 1 };
  return { at: at(seconds), seconds: everySeconds, ...rates, ready: TASKS, cpuPercent: cpu };
}

/** What each makes of ten tasks that have half as much again to do. */
const HALF_AS_MUCH_AGAIN: Partial<Record<PeerName, number>> = {
  // A step of 30 percent, a fifth at a time, and a fleet sized for the load as it was meant to be.
  'aws-step-scaling': 13,
  'nomad-threshold': 12,
  'fixed-p99': 10,
};

const SETUPS = PEERS.flatMap((entry) =>
  entry.kinds.flatMap((kind) => [0.4, 0.6].map((utilisation) => [entry.name, kind, utilisation] as const)),
);

describe('every peer is set to the same share of the same capacity, in the unit of its own signal', () => {
  test.each(SETUPS)('%s, %s, %d', (name, kind, utilisation) => {
    const entry = peerNamed(name);
    if (entry === undefined) throw new Error(`no peer is called ${name}`);
    expect(countAt(entry, kind, utilisation, 1)).toBe(TASKS);
    expect(countAt(entry, kind, utilisation, 1.5)).toBe(HALF_AS_MUCH_AGAIN[name] ?? 15);
  });
});
