/** How many calls and bytes it takes to read the signals of a fleet, and how long to plan them. */
import { awsClients } from '../../lib/aws/clients.ts';
import type { LoadBalancer } from '../../lib/aws/signals/load-balancers.ts';
import { newMeter } from '../../lib/aws/signals/meter.ts';
import { planSignals } from '../../lib/aws/signals/plan.ts';
import { awsSignals } from '../../lib/aws/signals/signals.ts';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { ACCOUNT, fleetPlant, fleetQueries, REGION } from './fleet-plant.ts';

const NOW = Date.UTC(2026, 10, 20, 8);

export interface ReadingMeasured {
  readonly services: number;
  readonly metrics: number;
  readonly calls: number;
  /** `ceil(metrics / 500)`. */
  readonly callsAtMost: number;
  /** Before the load balancers are known; once in ten minutes. */
  readonly loadBalancerCalls: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  readonly seconds: number;
}

/** The second read of a fleet: the first one finds its load balancers. Throws where a signal was not read. */
export async function measureReading(services: number): Promise<ReadingMeasured> {
  const cloud = await startLocalCloud({ plants: [fleetPlant(services, NOW)], account: ACCOUNT, region: REGION });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const endpoints = { cloudwatch: cloud.endpoint, elb: cloud.endpoint, sqs: cloud.endpoint };
  const limits = { attemptMs: 60_000, callMs: 60_000 };
  const clients = awsClients({ region: REGION, credentials, endpoints, limits });
  const bytes = { request: 0, reply: 0 };
  clients.cloudwatch.middlewareStack.add(
    (next) => async (args) => {
      const { body } = args.request as { readonly body?: string };
      const result = await next(args);
      const { headers } = result.response as { readonly headers: Readonly<Record<string, string>> };
      bytes.request += Buffer.byteLength(body ?? '');
      bytes.reply += Number(headers['content-length'] ?? 0);
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  try {
    const meter = newMeter();
    const signals = awsSignals(clients, { meter });
    const queries = fleetQueries(services);
    const { signal } = new AbortController();
    await signals.read(queries, NOW, signal);
    const before = { ...meter, calls: { ...meter.calls }, ...bytes };
    const beganAt = performance.now();
    const readings = await signals.read(queries, NOW, signal);
    const seconds = (performance.now() - beganAt) / 1000;
    const unread = readings.find(({ status, values }) => status !== 'complete' || values.length === 0);
    if (unread !== undefined) throw new Error(`a signal was not read: ${unread.status} ${unread.cause ?? ''}`);
    const metrics = meter.metricsRequested - before.metricsRequested;
    return {
      services,
      metrics,
      calls: (meter.calls.GetMetricData ?? 0) - (before.calls.GetMetricData ?? 0),
      callsAtMost: Math.ceil(metrics / 500),
      loadBalancerCalls: cloud.calls.of('DescribeTargetGroups'),
      requestBytes: bytes.request - before.request,
      replyBytes: bytes.reply - before.reply,
      seconds,
    };
  } finally {
    clients.close();
    await cloud.close();
  }
}

/** Medians. Planning waits for nothing, so on a machine of its own both are the same; on a busy one the processor's time tells. */
export interface PlanningMeasured {
  readonly signals: number;
  readonly processorMs: number;
  readonly elapsedMs: number;
}

export function measurePlanning(services: number, runs = 15): PlanningMeasured {
  const queries = fleetQueries(services);
  const arns = queries.flatMap(({ targetGroups = [] }) => targetGroups);
  const loadBalancers = new Map(arns.map((arn): [string, LoadBalancer] => [arn, { kind: 'found', name: 'app/web/1' }]));
  const times = Array.from({ length: runs }, () => {
    const [beganAt, used] = [performance.now(), process.cpuUsage()];
    planSignals(queries, NOW, { loadBalancers });
    const { user, system } = process.cpuUsage(used);
    return { elapsed: performance.now() - beganAt, processor: (user + system) / 1000 };
  });
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
  return {
    signals: queries.length,
    processorMs: median(times.map(({ processor }) => processor)),
    elapsedMs: median(times.map(({ elapsed }) => elapsed)),
  };
}
