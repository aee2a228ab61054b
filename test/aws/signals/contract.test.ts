/** Signals from CloudWatch keep the contract: in memory, over a scripted wire, and from the local cloud. */
import { awsClients } from '../../../lib/aws/clients.ts';
import { awsSignals } from '../../../lib/aws/signals/signals.ts';
import { startLocalCloud } from '../../../lib/local/cloud.ts';
import type { SignalQuery } from '../../../lib/loop/ports.ts';
import type { PlantMetric } from '../../../lib/sim/types.ts';
import { type GivenSeries, type SignalFault, signalsContract } from '../../contracts/signals.ts';
import { metricOf, point, stubPlant } from '../../local/stub-plant.ts';
import { CREDENTIALS, REGION } from '../dynamodb.ts';
import { type AskedQuery, complete, page, startCloudWatch } from './cloudwatch.ts';

const STATUS_CODES = { partial: 'PartialData', failed: 'InternalError', forbidden: 'Forbidden' } as const;

/** The metric behind a signal, as CloudWatch names it. */
function metricOfSignal({ cluster, service, spec: { source } }: SignalQuery) {
  if (source.kind === 'ecs') {
    return { namespace: 'AWS/ECS', name: source.metric, dimensions: { ClusterName: cluster, ServiceName: service } };
  }
  if (source.kind !== 'cloudwatch') throw new Error(`${source.kind} is not of CloudWatch`);
  return { namespace: source.namespace, name: source.metric, dimensions: source.dimensions };
}

function isAskedBy({ MetricStat: { Metric } }: AskedQuery, query: SignalQuery): boolean {
  const { namespace, name, dimensions } = metricOfSignal(query);
  return (
    Metric.Namespace === namespace &&
    Metric.MetricName === name &&
    Metric.Dimensions.length === Object.keys(dimensions).length &&
    Metric.Dimensions.every(({ Name, Value }) => dimensions[Name] === Value)
  );
}

signalsContract('CloudWatch, scripted', async (series) => {
  const faults = new Map<SignalQuery, SignalFault>();
  const world = await startCloudWatch((call) =>
    page(call, (asked) => {
      const given = series.find(({ query }) => isAskedBy(asked, query));
      const fault = [...faults].find(([query]) => isAskedBy(asked, query))?.[1];
      const result = complete(call, asked, given?.points ?? []);
      return fault === undefined ? result : { ...result, StatusCode: STATUS_CODES[fault] };
    }),
  );
  return { ...world, meet: (query, fault) => void faults.set(query, fault) };
});

signalsContract('CloudWatch, the local cloud', async (series, now) => {
  const metrics = series.map(plantMetricOf);
  const plant = stubPlant({ metrics });
  plant.advanceTo(now);
  const cloud = await startLocalCloud({ plants: [plant], region: REGION });
  const endpoints = { cloudwatch: cloud.endpoint, elb: cloud.endpoint };
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints, limits: { attempts: 1 } });
  return {
    signals: awsSignals(clients),
    meet: (query, fault) => {
      cloud.faults.nextResult({ metric: metricOfSignal(query).name, status: STATUS_CODES[fault] });
    },
    close: async () => {
      clients.close();
      await cloud.close();
    },
  };
});

/** ECS metrics: every task gives one sample a minute. Others: one sample a period. */
function plantMetricOf({ query, points }: GivenSeries): PlantMetric {
  const { namespace, name, dimensions } = metricOfSignal(query);
  const minutes = query.spec.source.kind === 'ecs' ? query.spec.periodSeconds / 60 : 1;
  const seconds = query.spec.periodSeconds / minutes;
  const samples = points.flatMap(([at, value, tasks = 1]) =>
    Array.from({ length: minutes }, (_, i) =>
      point(
        at + i * 60_000,
        seconds,
        Array.from({ length: tasks }, () => value),
      ),
    ),
  );
  return metricOf(namespace, name, dimensions, seconds, samples);
}
