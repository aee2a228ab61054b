/** What every source of signals promises. */
import { describe, expect, test } from '@jest/globals';
import type { SignalQuery, Signals } from '../../lib/loop/ports.ts';
import type { Datapoint } from '../../lib/policy/observation.ts';
import type { EpochMs, SignalSpec } from '../../lib/policy/policy.ts';

/** Raw datapoints, in the source's unit, with the tasks behind them where the source counts them. */
export interface GivenSeries {
  readonly query: SignalQuery;
  readonly points: readonly Datapoint[];
}

export type SignalFault = 'partial' | 'failed' | 'forbidden';

export interface SignalsWorld {
  readonly signals: Signals;
  /** The next read of this signal, and of no other, meets this. */
  meet(query: SignalQuery, fault: SignalFault): void;
  close(): Promise<void>;
}

/** On the hour, so that every period up to an hour ends now. */
export const NOW = Date.UTC(2026, 10, 20, 8);
export const MINUTE = 60_000;
const live = (): AbortSignal => new AbortController().signal;

export function cpuOf(service: string, facts: Partial<SignalSpec> = {}, periods = 3): SignalQuery {
  const source = { kind: 'ecs', metric: 'CPUUtilization' } as const;
  return {
    cluster: 'prod',
    service,
    name: 'cpu',
    periods,
    spec: { ...SPEC, source, averagedOverTasks: true, ...facts },
  };
}

export function latencyOf(service: string, facts: Partial<SignalSpec> = {}, periods = 3): SignalQuery {
  const dimensions = { TargetGroup: 'targetgroup/web/1', LoadBalancer: `app/${service}/2` };
  const source = {
    kind: 'cloudwatch',
    namespace: 'AWS/ApplicationELB',
    metric: 'TargetResponseTime',
    dimensions,
  } as const;
  return { cluster: 'prod', service, name: 'latency', periods, spec: { ...SPEC, source, scale: 1000, ...facts } };
}

const ELB = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012';
export const BLUE = `${ELB}:targetgroup/blue/1`;
export const GREEN = `${ELB}:targetgroup/green/2`;

/** Of the load balancer, over the given target groups; counts unless `stat` says otherwise. */
export function albOf(
  metric: string,
  targetGroups: readonly string[] | undefined,
  facts: Partial<SignalSpec> = {},
  name = metric,
): SignalQuery {
  const query = { cluster: 'prod', service: 'checkout', name, periods: 3 };
  const spec = { ...SPEC, stat: 'Sum', source: { kind: 'alb', metric } as const, ...facts };
  return targetGroups === undefined ? { ...query, spec } : { ...query, spec, targetGroups };
}

/** An ALB metric in percent of another signal. */
export function shareOf(metric: string, of: string, targetGroups: readonly string[]): SignalQuery {
  return albOf(metric, targetGroups, { source: { kind: 'share', part: { kind: 'alb', metric }, of } }, 'share');
}

/** From the Prometheus that tests call `prom`. */
export function promqlOf(query: string, facts: Partial<SignalSpec> = {}, name = 'load'): SignalQuery {
  const source = { kind: 'promql', query, from: 'prom' } as const;
  const spec = { ...SPEC, publicationDelaySeconds: 15, source, ...facts };
  return { cluster: 'prod', service: 'checkout', name, periods: 3, spec };
}

const SPEC: Omit<SignalSpec, 'source'> = {
  stat: 'Average',
  periodSeconds: 60,
  publicationDelaySeconds: 60,
  scale: 1,
  averagedOverTasks: false,
  whenMissing: { kind: 'unknown' },
};

/** `[minutes before now, value, tasks]` of period starts. */
export function minutesAgo(...points: readonly Datapoint[]): Datapoint[] {
  return points.map(([minutes, value, tasks]) => {
    const at = NOW - minutes * MINUTE;
    return tasks === undefined ? [at, value] : [at, value, tasks];
  });
}

type Create = (series: readonly GivenSeries[], now: EpochMs) => Promise<SignalsWorld>;
type Story = (title: string, series: readonly GivenSeries[], tell: (world: SignalsWorld) => Promise<void>) => void;

export function signalsContract(name: string, create: Create): void {
  /** A world with these series for one story, closed when it ends. */
  const story: Story = (title, series, tell) =>
    test(title, async () => {
      const world = await create(series, NOW);
      try {
        await tell(world);
      } finally {
        await world.close();
      }
    });
  describe(`signals: ${name}`, () => {
    windowContract(story);
    valueContract(story);
    faultContract(story);
  });
}

function windowContract(story: Story): void {
  const query = cpuOf('checkout');
  const everyMinute = minutesAgo([6, 1, 2], [5, 2, 2], [4, 3, 2], [3, 4, 2], [2, 5, 2], [1, 6, 2]);
  const series = [{ query, points: everyMinute }];

  story('of three periods come the last three that are settled', series, async ({ signals }) => {
    const [reading] = await signals.read([query], NOW, live());
    expect(reading).toEqual({
      status: 'complete',
      periodSeconds: 60,
      values: minutesAgo([4, 3, 2], [3, 4, 2], [2, 5, 2]),
    });
  });

  story('a period settles when the publication delay is over, not before', series, async ({ signals }) => {
    const newest = async (now: EpochMs) => (await signals.read([query], now, live()))[0]?.values.at(-1)?.[0];
    expect(await newest(NOW - 1)).toBe(NOW - 3 * MINUTE);
    expect(await newest(NOW)).toBe(NOW - 2 * MINUTE);
    expect(await newest(NOW + MINUTE - 1)).toBe(NOW - 2 * MINUTE);
  });

  const five = cpuOf('checkout', { periodSeconds: 300, publicationDelaySeconds: 120 }, 2);
  const everyFive = minutesAgo([20, 30, 4], [15, 40, 4], [10, 50, 5], [5, 60, 5]);
  story('long periods lie on their own grid', [{ query: five, points: everyFive }], async ({ signals }) => {
    const [reading] = await signals.read([five], NOW - MINUTE, live());
    expect(reading).toMatchObject({ periodSeconds: 300, values: minutesAgo([15, 40, 4], [10, 50, 5]) });
  });
}

function valueContract(story: Story): void {
  const [cpu, latency, billing] = [cpuOf('checkout'), latencyOf('checkout'), cpuOf('billing')];
  const all = [
    { query: cpu, points: minutesAgo([2, 71.5, 3]) },
    { query: latency, points: minutesAgo([3, 0.25], [2, 0.5]) },
    { query: billing, points: minutesAgo([2, 12, 9]) },
  ];

  story('answers come in the order of the questions, also to the same one twice', all, async ({ signals }) => {
    const readings = await signals.read([billing, cpu, latency, cpu], NOW, live());
    expect(readings.map(({ values }) => values.at(-1)?.[1])).toEqual([12, 71.5, 500, 71.5]);
    expect(await signals.read([], NOW, live())).toEqual([]);
  });

  story('one metric is read over two windows and in two units', all, async ({ signals }) => {
    const seconds = latencyOf('checkout', { scale: 1 }, 1);
    const readings = await signals.read([latency, seconds], NOW, live());
    expect(readings.map(({ values }) => values)).toEqual([minutesAgo([3, 250], [2, 500]), minutesAgo([2, 0.5])]);
  });

  story('tasks stand only where the number is an average over them', all, async ({ signals }) => {
    const plain = cpuOf('checkout', { averagedOverTasks: false });
    const readings = await signals.read([cpu, plain], NOW, live());
    expect(readings.map(({ values }) => values)).toEqual([minutesAgo([2, 71.5, 3]), minutesAgo([2, 71.5])]);
  });

  story('silence is complete and empty, and a gap is a gap', all, async ({ signals }) => {
    const readings = await signals.read([cpuOf('unheard-of'), cpu], NOW, live());
    expect(readings[0]).toEqual({ status: 'complete', periodSeconds: 60, values: [] });
    expect(readings[1]?.values).toHaveLength(1);
  });
}

function faultContract(story: Story): void {
  const [cpu, latency] = [cpuOf('checkout'), latencyOf('checkout')];
  const both = [
    { query: cpu, points: minutesAgo([3, 70, 3], [2, 71.5, 3]) },
    { query: latency, points: minutesAgo([3, 0.25], [2, 0.5]) },
  ];
  for (const fault of ['partial', 'failed', 'forbidden'] as const) {
    story(`a signal that is ${fault} says why, and the others are served`, both, async ({ signals, meet }) => {
      meet(latency, fault);
      const [served, broken] = await signals.read([cpu, latency], NOW, live());
      expect(served).toMatchObject({ status: 'complete', values: minutesAgo([3, 70, 3], [2, 71.5, 3]) });
      expect(broken).toMatchObject({ status: fault, cause: expect.stringMatching(/\w+/) });
    });
  }

  story('an aborted read rejects', both, async ({ signals }) => {
    const gone = AbortSignal.abort(new Error('the time is over'));
    await expect(signals.read([cpu], NOW, gone)).rejects.toThrow('the time is over');
  });
}
