/** What a load balancer says of a service, over all its target groups, from the local cloud. */
import { describe, expect, test } from '@jest/globals';
import type { PlantMetric } from '../../../lib/sim/types.ts';
import { albOf, BLUE, GREEN, MINUTE, minutesAgo, NOW, shareOf } from '../../contracts/signals.ts';
import { metricOf, point } from '../../local/stub-plant.ts';
import { withCloud } from './local.ts';

type Minutes = readonly (readonly [minutesAgo: number, values: readonly number[]])[];

/** A metric of one target group. Each minute is given by the samples in it. */
function metric(group: 'blue/1' | 'green/2', name: string, minutes: Minutes): PlantMetric {
  const points = minutes.map(([ago, values]) => point(NOW - ago * MINUTE, 60, values));
  const dimensions = { LoadBalancer: 'app/web/9', TargetGroup: `targetgroup/${group}` };
  return metricOf('AWS/ApplicationELB', name, dimensions, 60, points);
}

const times = (n: number, value: number): number[] => Array.from({ length: n }, () => value);
const BOTH = [BLUE, GREEN];

/** Blue serves alone, then green takes half, then green serves alone and blue is silent. */
const SWAP = {
  blue: metric('blue/1', 'RequestCount', [
    [4, times(120, 1)],
    [3, times(60, 1)],
  ]),
  green: metric('green/2', 'RequestCount', [
    [3, times(60, 1)],
    [2, times(120, 1)],
  ]),
};

describe('over a blue/green deployment', () => {
  test('requests are counted in both groups, and the silent one takes nothing away', () =>
    withCloud({ metrics: [SWAP.blue, SWAP.green] }, async ({ read, cloud }) => {
      const [rps] = await read(albOf('RequestCount', BOTH, { scale: 1 / 60 }));
      expect(rps).toEqual({ status: 'complete', periodSeconds: 60, values: minutesAgo([4, 2], [3, 2], [2, 2]) });
      expect(cloud.calls.all()).toEqual({ DescribeTargetGroups: 1, GetMetricData: 1 });
    }));

  test('the response time is that of the slower group, in milliseconds', () =>
    withCloud(
      {
        metrics: [
          metric('blue/1', 'TargetResponseTime', [
            [3, [0.1, 0.2, 0.9]],
            [2, [0.1, 0.1, 0.1]],
          ]),
          metric('green/2', 'TargetResponseTime', [[3, [0.2, 0.3, 0.4]]]),
        ],
      },
      async ({ read }) => {
        const p99 = albOf('TargetResponseTime', BOTH, { stat: 'p99', scale: 1000 });
        const [reading] = await read(p99, albOf('TargetResponseTime', BOTH, { stat: 'p50', scale: 1000 }));
        expect(reading).toMatchObject({ status: 'complete', values: minutesAgo([3, 900], [2, 100]) });
      },
    ));

  test('the percentile of few requests does not outvote one that is sure; where none is sure, it says so', () => {
    const times = (count: number, seconds: number) => Array.from({ length: count }, () => seconds);
    const blue: [number, number[]][] = [
      [4, times(25, 0.1)],
      [3, times(25, 0.1)],
      [2, times(4, 0.1)],
    ];
    const green: [number, number[]][] = [
      [4, times(20, 5)],
      [3, times(19, 5)],
      [2, times(3, 5)],
    ];
    return withCloud(
      { metrics: [metric('blue/1', 'TargetResponseTime', blue), metric('green/2', 'TargetResponseTime', green)] },
      async ({ read }) => {
        const [reading] = await read(albOf('TargetResponseTime', BOTH, { stat: 'p50', scale: 1000 }));
        expect(reading).toMatchObject({
          status: 'complete',
          values: minutesAgo([4, 5000], [3, 100], [2, 5000]),
          samples: minutesAgo([4, 25], [3, 25], [2, 4]),
        });
      },
    );
  });

  test('hosts are those of both groups', () =>
    withCloud(
      {
        metrics: [
          metric('blue/1', 'UnHealthyHostCount', [[2, [1, 1]]]),
          metric('green/2', 'UnHealthyHostCount', [[2, [2, 2]]]),
        ],
      },
      async ({ read }) => {
        const [unhealthy] = await read(albOf('UnHealthyHostCount', BOTH, { stat: 'Average' }));
        expect(unhealthy).toMatchObject({ values: minutesAgo([2, 3]) });
      },
    ));

  test('requests per target times the hosts are all requests', () =>
    withCloud(
      {
        metrics: [
          metric('blue/1', 'RequestCountPerTarget', [[2, [100]]]),
          metric('blue/1', 'HealthyHostCount', [[2, [9]]]),
          metric('green/2', 'RequestCountPerTarget', [[2, [400]]]),
          metric('green/2', 'HealthyHostCount', [[2, [1]]]),
        ],
      },
      async ({ read }) => {
        const [each] = await read(albOf('RequestCountPerTarget', BOTH));
        // 9 hosts had 100 each and one had 400: 130 each, of ten.
        expect(each).toMatchObject({ values: minutesAgo([2, 130, 10]) });
      },
    ));
});

describe('answers that are worth less', () => {
  test('one group that failed makes the sum unknown', () =>
    withCloud({ metrics: [SWAP.blue, SWAP.green] }, async ({ read, cloud }) => {
      cloud.faults.nextResult({ metric: 'RequestCount', status: 'InternalError' });
      expect(await read(albOf('RequestCount', BOTH))).toMatchObject([
        { status: 'failed', cause: 'CloudWatch answered with InternalError' },
      ]);
    }));

  test('a group that is gone says so, the other services are served', () =>
    withCloud({ metrics: [SWAP.blue] }, async ({ read }) => {
      const [gone, blue] = await read(albOf('RequestCount', [GREEN]), albOf('RequestCount', [BLUE]));
      expect(gone).toMatchObject({ status: 'failed', cause: expect.stringContaining(`'${GREEN}' not found`) });
      expect(blue).toMatchObject({ status: 'complete' });
    }));

  test('ELB that may not be asked is forbidden, and is asked again the next time', () =>
    withCloud({ metrics: [SWAP.blue] }, async ({ read, cloud }) => {
      cloud.faults.next('DescribeTargetGroups', { kind: 'accessDenied' });
      expect(await read(albOf('RequestCount', [BLUE]))).toMatchObject([{ status: 'forbidden' }]);
      expect(await read(albOf('RequestCount', [BLUE]))).toMatchObject([{ status: 'complete' }]);
    }));

  test('a load balancer is found once in ten minutes', () =>
    withCloud({ metrics: [SWAP.blue] }, async ({ readAt, cloud }) => {
      for (const minute of [0, 1, 9.9, 10]) await readAt(NOW + minute * MINUTE, albOf('RequestCount', [BLUE]));
      expect(cloud.calls.of('DescribeTargetGroups')).toBe(2);
    }));
});

describe('the share of 5xx answers', () => {
  const rps = albOf('RequestCount', [BLUE], { scale: 1 / 60 }, 'rps');
  const requests = metric('blue/1', 'RequestCount', [
    [4, times(120, 1)],
    [2, times(60, 1)],
  ]);
  const errors = { ...shareOf('HTTPCode_Target_5XX_Count', 'rps', [BLUE]) };
  const share = { ...errors, spec: { ...errors.spec, scale: 1 / 60 } };

  test('is in percent of the requests of the same minute; no error sends nothing and is none', () =>
    withCloud(
      { metrics: [requests, metric('blue/1', 'HTTPCode_Target_5XX_Count', [[4, times(3, 1)]])] },
      async ({ read, cloud }) => {
        const [reading] = await read(share, rps);
        expect(reading).toEqual({ status: 'complete', periodSeconds: 60, values: minutesAgo([4, 2.5], [2, 0]) });
        expect(cloud.calls.of('GetMetricData')).toBe(1);
      },
    ));

  test('a minute without a request has no share', () =>
    withCloud({ metrics: [requests] }, async ({ read }) => {
      const [reading] = await read(share, rps);
      expect(reading?.values.map(([at]) => at)).not.toContain(NOW - 3 * MINUTE);
    }));

  test('errors that could not be read are not none', () =>
    withCloud({ metrics: [requests] }, async ({ read, cloud }) => {
      cloud.faults.nextResult({ metric: 'HTTPCode_Target_5XX_Count', status: 'Forbidden' });
      expect((await read(share, rps))[0]).toMatchObject({ status: 'forbidden' });
    }));

  test('requests that could not be read are named', () =>
    withCloud({ metrics: [requests] }, async ({ read, cloud }) => {
      cloud.faults.nextResult({ metric: 'RequestCount', status: 'InternalError' });
      const cause = 'rps, of which it is a share: CloudWatch answered with InternalError';
      expect((await read(share, rps))[0]).toMatchObject({ status: 'failed', cause });
    }));
});
