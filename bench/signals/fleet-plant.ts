/** Services without physics: each has the three metrics of a web service, one datapoint a minute, for measuring how they are read. */
import type { SignalQuery } from '../../lib/loop/ports.ts';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import type { Plant, PlantDatapoint, PlantMetric } from '../../lib/sim/types.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
const MINUTE = 60_000;

function metric(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): PlantMetric {
  return {
    namespace,
    name,
    dimensions,
    periodSeconds: 60,
    datapoints(from, to) {
      const points: PlantDatapoint[] = [];
      for (let startedAt = Math.ceil(from / MINUTE) * MINUTE; startedAt < to; startedAt += MINUTE) {
        points.push({
          startedAt,
          visibleAt: startedAt + 110_000,
          sum: 200,
          count: 4,
          min: 50,
          max: 50,
          values: [50, 50, 50, 50],
        });
      }
      return points;
    },
  };
}

/** One plant that stands for the fleet; only its metrics and its clock are of use. */
export function fleetPlant(services: number, now: number): Plant {
  const metrics = Array.from({ length: services }, (_, i) => {
    const group = { LoadBalancer: 'app/web/1', TargetGroup: `targetgroup/s${i}/1` };
    return [
      metric('AWS/ECS', 'CPUUtilization', { ClusterName: 'prod', ServiceName: `s${i}` }),
      metric('AWS/ApplicationELB', 'RequestCount', group),
      metric('AWS/ApplicationELB', 'TargetResponseTime', group),
    ];
  }).flat();
  const nothing = () => undefined;
  return {
    now,
    capacityPerTask: 100,
    advanceTo: nothing,
    setDesiredCount: nothing,
    deploy: nothing,
    rebalance: nothing,
    sicken: nothing,
    view: () => ({
      ...{ cluster: 'prod', service: 'fleet', status: 'ACTIVE', schedulingStrategy: 'REPLICA' },
      ...{ desired: 4, running: 4, pending: 0, inService: 4, draining: 0, deployments: [], events: [] },
    }),
    metrics: () => metrics,
    rows: () => [],
    totals: () => ({ arrived: 0, served: 0, timedOut: 0, inQueue: 0, billedTaskSeconds: 0 }),
  };
}

const COMMON: Omit<SignalSpec, 'source' | 'stat'> = {
  periodSeconds: 60,
  publicationDelaySeconds: 50,
  scale: 1,
  averagedOverTasks: false,
  whenMissing: { kind: 'unknown' },
};

/** Three signals a service: CPU with the tasks that made it, requests, and the 95th percentile of the response time. */
export function fleetQueries(services: number): readonly SignalQuery[] {
  return Array.from({ length: services }, (_, i): SignalQuery[] => {
    const targetGroups = [`arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/s${i}/1`];
    const own = { cluster: 'prod', service: `s${i}`, periods: 5, targetGroups };
    const [cpu, requests] = ['CPUUtilization', 'RequestCount'] as const;
    return [
      {
        ...own,
        name: 'cpu',
        spec: { ...COMMON, source: { kind: 'ecs', metric: cpu }, stat: 'Average', averagedOverTasks: true },
      },
      {
        ...own,
        name: 'rps',
        spec: { ...COMMON, source: { kind: 'alb', metric: requests }, stat: 'Sum', scale: 1 / 60 },
      },
      {
        ...own,
        name: 'p95',
        spec: { ...COMMON, source: { kind: 'alb', metric: 'TargetResponseTime' }, stat: 'p95', scale: 1000 },
      },
    ];
  }).flat();
}
