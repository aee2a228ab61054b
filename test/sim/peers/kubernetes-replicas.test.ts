import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { replicasForPodAverage, replicasForUtilisation } from '../../../lib/sim/peers/kubernetes/pod-replicas.ts';
import { classOf, DEFAULT_READINESS, type Pod } from '../../../lib/sim/peers/kubernetes/pods.ts';
import {
  DEFAULT_TOLERANCE,
  isWithin,
  type Proposal,
  replicasForAverageValue,
  replicasForValue,
} from '../../../lib/sim/peers/kubernetes/tolerance.ts';
import { at } from './seen.ts';

const NOW = at(3600);
const tolerance = DEFAULT_TOLERANCE;
/** The flags that the project's own tests run with. */
const READINESS = { initializationSeconds: 120, readinessDelaySeconds: 10 };

/**
 * Ready; never ready; ready but so young that its sample reaches back before readiness; Pending; Failed; being deleted.
 * All request one core; the sample is a minute long.
 */
type Kind = 'ready' | 'unready' | 'hot' | 'pending' | 'failed' | 'deleting';

function pod(kind: Kind, value?: number, request = 1000): Pod {
  const startedAt = kind === 'hot' ? at(3570) : at(0);
  const isReady = kind === 'ready' || kind === 'hot' || kind === 'deleting';
  const phases = { pending: 'pending', failed: 'failed' } as Partial<Record<Kind, 'pending' | 'failed'>>;
  return {
    phase: phases[kind] ?? 'running',
    deleting: kind === 'deleting',
    startedAt,
    ready: { is: isReady, since: kind === 'hot' ? at(3575) : startedAt },
    request,
    ...(value !== undefined && { usage: { at: NOW, windowSeconds: 60, value } }),
  };
}

const ready = (...levels: number[]) => levels.map((level) => pod('ready', level));
const silent = (count: number) => new Array<Pod>(count).fill(pod('ready'));

function outcome(proposal: Proposal): number | string {
  return proposal.kind === 'replicas' ? proposal.count : proposal.why;
}

function cpu(pods: readonly Pod[], current: number, target: number): number | string {
  return outcome(replicasForUtilisation({ pods, now: NOW, current, tolerance }, target, READINESS));
}

describe('Kubernetes replica_calculator_test: CPU utilisation', () => {
  const rows: [name: string, pods: Pod[], current: number, target: number, expected: number | string][] = [
    ['scale up', ready(300, 500, 700), 3, 30, 5],
    ['unready, less scale', [pod('unready', 300), ...ready(500, 700)], 3, 30, 4],
    ['hot CPU, less scale', [pod('hot', 300), ...ready(500, 700)], 3, 30, 4],
    ['unready, no scale', [pod('ready', 400), pod('unready', 500), pod('unready', 700)], 3, 30, 3],
    ['failed pods are ignored', [...ready(500, 700), pod('failed'), pod('failed')], 2, 30, 4],
    ['pods being deleted are ignored', [...ready(500, 700), pod('deleting'), pod('deleting')], 2, 30, 4],
    ['scale down', ready(100, 300, 500, 250, 250), 5, 50, 3],
    ['scale down without the unready', [...ready(100, 300, 500), pod('unready', 250), pod('unready', 250)], 5, 50, 2],
    ['scale down without the hot', [...ready(100, 300, 500), pod('hot', 250), pod('hot', 250)], 5, 50, 2],
    ['scale down without the unscheduled', [pod('ready', 100), ...new Array<Pod>(4).fill(pod('pending'))], 5, 50, 1],
    ['scale down, failed pods ignored', [...ready(100, 300, 500, 250, 250), pod('failed'), pod('failed')], 5, 50, 3],
    ['tolerance', [pod('ready', 1010, 900), pod('ready', 1030), pod('ready', 1020, 1100)], 3, 100, 3],
    ['missing metrics', [...ready(400, 95), ...silent(2)], 4, 100, 3],
    ['missing metrics, no change at 1', [...ready(1000), ...silent(1)], 2, 100, 2],
    ['missing metrics, no change above', [...ready(1900), ...silent(1)], 2, 100, 2],
    ['missing metrics, back into tolerance from above', [...ready(2100, 2100, 2100), ...silent(3)], 6, 100, 6],
    ['missing metrics, no change below', [...ready(600), ...silent(1)], 2, 100, 2],
    ['missing and unready, no change', [pod('unready', 100), pod('ready', 450), ...silent(1)], 3, 50, 3],
    ['missing and hot, no change', [pod('hot', 100), pod('ready', 450), ...silent(1)], 3, 50, 3],
    ['missing and unready, scale up', [pod('unready', 100), pod('ready', 2000), ...silent(1)], 3, 50, 4],
    ['missing and unready, scale down', [pod('unready', 100), ...ready(100, 100), ...silent(1)], 4, 50, 3],
    ['rolling update with a surge pod', [...ready(100, 100), ...silent(1)], 2, 50, 2],
    ['utilisation is cut to a whole percent', ready(669, 669, 669), 3, 60, 3],
    ['unready pods bring it back into tolerance', [pod('unready', 1), ...ready(430, 430, 430)], 4, 30, 4],
    ['no samples at all', silent(4), 4, 100, 'no pod that counts has a sample'],
    ['more load than tasks can be added for', ready(4000, 9500, 3000, 7000), 4, 100, 24],
  ];
  test.each(rows)('%s', (_name, pods, current, target, expected) => {
    expect(cpu(pods, current, target)).toBe(expected);
  });

  test('a pod that requests none of the resource is an error', () => {
    const { request: _, ...without } = pod('ready', 200);
    expect(cpu([without], 1, 100)).toBe('a pod requests none of it');
  });
});

describe('Kubernetes replica_calculator_test: pods metrics', () => {
  const perPod = (pods: readonly Pod[], current: number, target: number) =>
    outcome(replicasForPodAverage({ pods, now: NOW, current, tolerance }, target));

  test.each([
    ['scale up', ready(20_000, 10_000, 30_000), 3, 15_000, 4],
    ['unready and hot pods count', [...ready(50_000, 10_000), pod('unready', 30_000)], 3, 15_000, 6],
    [
      'unready pods count, and more of them',
      [pod('hot', 50_000), pod('ready', 15_000), pod('unready', 30_000)],
      3,
      15_000,
      7,
    ],
    ['scale down', ready(12_000, 12_000, 12_000, 12_000, 12_000), 5, 20_000, 3],
    ['tolerance', ready(20_000, 21_000, 21_000), 3, 20_000, 3],
    ['the average is an integer, so this is still tolerance', ready(1100, 1101), 2, 1000, 2],
    ['scale down, a silent pod is taken to be at the target', [...ready(5000), ...silent(1)], 2, 10_000, 2],
  ])('%s', (_name, pods, current, target, expected) => {
    expect(perPod(pods, current, target)).toBe(expected);
  });
});

describe('Kubernetes replica_calculator_test: object and external metrics', () => {
  test.each([
    ['object, scale up', 20_000, 15_000, 3, 3, 4],
    ['object, only ready pods multiply', 50_000, 10_000, 3, 1, 5],
    ['external, scale up', 8600, 4400, 1, 1, 2],
    ['external, only ready pods multiply', 8600, 4400, 3, 1, 2],
    ['object, scale down', 12_000, 20_000, 5, 5, 3],
    ['external, scale down', 8600, 14_334, 5, 5, 3],
    ['object, tolerance', 20_666, 20_000, 3, 3, 3],
    ['external, tolerance', 8600, 8888, 3, 3, 3],
    ['from zero without tolerance', 1.05, 1, 0, 0, 2],
  ])('value, %s', (_name, total, target, current, readyPods, expected) => {
    expect(outcome(replicasForValue({ total, current, tolerance }, target, readyPods))).toBe(expected);
  });

  test.each([
    ['object, scale up', 20_000, 5000, 3, 4],
    ['external, scale up', 8600, 2150, 3, 4],
    ['object, scale down', 6000, 2000, 5, 3],
    ['external, scale down', 8600, 2867, 5, 3],
    ['object, tolerance', 20_166, 5000, 4, 4],
    ['external, tolerance', 8600, 2900, 3, 3],
    ['external, a fraction of a replica is a replica', 9000, 2150, 3, 5],
    ['from zero', 10, 4, 0, 3],
    ['from zero without load', 0, 4, 0, 0],
    ['saturation', 1e15, 1, 3, 2 ** 31 - 1],
  ])('averageValue, %s', (_name, total, target, current, expected) => {
    expect(outcome(replicasForAverageValue({ total, current, tolerance }, target))).toBe(expected);
  });
});

describe('Kubernetes documentation: horizontal pod autoscaling, algorithm details', () => {
  test('twice the wanted value doubles the replicas, half of it halves them', () => {
    expect(outcome(replicasForPodAverage({ pods: ready(200, 200), now: NOW, current: 2, tolerance }, 100))).toBe(4);
    expect(outcome(replicasForPodAverage({ pods: ready(50, 50), now: NOW, current: 2, tolerance }, 100))).toBe(1);
  });

  test.each([
    [0.9, true],
    [1.1, true],
    [0.8999, false],
    [1.1001, false],
  ])('both ends of the tolerance belong to it: %d', (ratio, expected) => {
    expect(isWithin(ratio, tolerance)).toBe(expected);
  });
});

describe('which pods count', () => {
  const old = {
    phase: 'running',
    startedAt: at(0),
    request: 1000,
    usage: { at: NOW, windowSeconds: 60, value: 1 },
  } as const;

  test('a pod that was ready once and is not now still counts', () => {
    expect(classOf({ ...old, ready: { is: false, since: at(60) } }, NOW, READINESS)).toBe('ready');
    expect(classOf({ ...old, ready: { is: false, since: at(9) } }, NOW, READINESS)).toBe('unready');
  });

  test('a young pod counts once its sample was taken wholly after it became ready', () => {
    const young = { ...old, startedAt: at(3500) };
    expect(classOf({ ...young, ready: { is: true, since: at(3540) } }, NOW, READINESS)).toBe('ready');
    expect(classOf({ ...young, ready: { is: true, since: at(3541) } }, NOW, READINESS)).toBe('unready');
  });

  test('the moment a period ends the pod is an old one; the moment the delay ends it was ready once', () => {
    const atTheEnd = { ...old, startedAt: at(3480), ready: { is: true, since: at(3590) } };
    expect(classOf(atTheEnd, NOW, READINESS)).toBe('ready');
    expect(classOf({ ...atTheEnd, startedAt: at(3481) }, NOW, READINESS)).toBe('unready');
    expect(classOf({ ...old, ready: { is: false, since: at(10) } }, NOW, READINESS)).toBe('ready');
  });

  test('for CPU a pod without a Ready condition or a start is unready; a pod that succeeded is ignored', () => {
    const { startedAt: _, ...unstarted } = old;
    expect(classOf(old, NOW, READINESS)).toBe('unready');
    expect(classOf({ ...unstarted, ready: { is: true, since: at(0) } }, NOW, READINESS)).toBe('unready');
    expect(classOf(old, NOW, null)).toBe('ready');
    expect(classOf({ ...old, phase: 'succeeded' }, NOW, READINESS)).toBe('ignored');
  });

  test("kube-controller-manager's flags by default: five minutes of initialisation, half a minute of readiness delay", () => {
    const young = { ...old, startedAt: at(3301), ready: { is: true, since: at(3590) } };
    expect(classOf(young, NOW, DEFAULT_READINESS)).toBe('unready');
    expect(classOf({ ...young, startedAt: at(3300) }, NOW, DEFAULT_READINESS)).toBe('ready');
    expect(classOf({ ...old, ready: { is: false, since: at(29) } }, NOW, DEFAULT_READINESS)).toBe('unready');
    expect(classOf({ ...old, ready: { is: false, since: at(30) } }, NOW, DEFAULT_READINESS)).toBe('ready');
  });

  test('being deleted goes before Pending, Pending before missing', () => {
    expect(classOf({ phase: 'pending', deleting: true }, NOW, READINESS)).toBe('ignored');
    expect(classOf({ phase: 'pending' }, NOW, READINESS)).toBe('unready');
    expect(classOf({ phase: 'running' }, NOW, READINESS)).toBe('missing');
  });

  test('pods that do not tell damp a change and never reverse it', () => {
    const levels = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 8 });
    const others = fc.array(fc.constantFrom<Kind>('unready', 'pending', 'hot'), { maxLength: 4 });
    fc.assert(
      fc.property(levels, others, fc.nat(3), fc.integer({ min: 10, max: 100 }), (values, kinds, missing, target) => {
        const pods = [...ready(...values), ...kinds.map((kind) => pod(kind, 500)), ...silent(missing)];
        const mean = values.reduce((total, value) => total + value, 0) / values.length / 10;
        const count = Number(cpu(pods, pods.length, target));
        if (Math.trunc(mean) >= target) expect(count).toBeGreaterThanOrEqual(pods.length);
        if (Math.trunc(mean) <= target) expect(count).toBeLessThanOrEqual(pods.length);
        // Nobody who does not tell makes it grow beyond what those who tell ask for.
        expect(count).toBeLessThanOrEqual(Math.max(pods.length, Math.ceil((mean / target) * values.length)));
      }),
    );
  });
});
