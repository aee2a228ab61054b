/** What the services of a policy use up in a month, from the plan of what a tick would read. Pure; nobody is asked. */
import type { SignalQuery } from '../../loop/ports.ts';
import type { PolicySet, ServicePolicy, SignalSource, SignalSpec } from '../../policy/policy.ts';
import { periodsNeeded } from '../../policy/requirements.ts';
import { groupedBy } from '../grouped.ts';
import type { LoadBalancer } from '../signals/load-balancers.ts';
import type { MetricQuery } from '../signals/metric-data-queries.ts';
import { planSignals, type SignalPlan } from '../signals/plan.ts';
import type { PrometheusEndpoints } from '../signals/promql/endpoints.ts';
import type { Range } from './prices.ts';

/** A month of reading, for all services together. */
export interface Usage {
  readonly services: number;
  readonly shards: number;
  /** Ticks of all shards. */
  readonly ticks: number;
  /** Ticks that a queue brought. */
  readonly delayedTicks: number;
  /** Decisions of all services. */
  readonly decisions: number;
  readonly metricsRequested: number;
  /** Metrics of AWS behind them, each once, and the datapoints that they have. */
  readonly vendedMetrics: number;
  readonly vendedDatapoints: number;
  /** Decisions times metrics: how often each of them is looked at. */
  readonly vendedReads: number;
  readonly queueReads: number;
  /** Unknown before it is measured: how many series and samples stand behind a query. */
  readonly samplesScanned: Range;
  /** Metrics that services must send at 20 s. */
  readonly fineMetrics: number;
  /** Alarms that target tracking would need for the same signals: two a signal. */
  readonly alarms: number;
  readonly fineAlarms: number;
}

/** One tick serves so many services within its time. */
const SERVICES_PER_SHARD = 500;
/** Series behind one expression, and samples of each behind one step. */
const SERIES: Range = { low: 1, high: 20 };
const SAMPLES_PER_STEP: Range = { low: 1, high: 15 };
const MINUTE_SECONDS = 60;

/** `services` like those of the policies, in the same proportions; absent: as many as there are. */
export function usageOf(policies: PolicySet, monthHours: number, services?: number): Usage {
  const all = [...policies.services, ...policies.tagged.map(taggedAs)].filter(({ mode }) => mode !== 'off');
  const count = services ?? all.length;
  const factor = all.length === 0 ? 0 : count / all.length;
  const minutes = monthHours * 60;
  const shards = Math.max(1, Math.ceil(count / SERVICES_PER_SHARD));
  const parts = all.map((policy) => usageOfService(policy, minutes));
  const sum = (of: (part: ServiceUsage) => number) => factor * parts.reduce((total, part) => total + of(part), 0);
  const shortest = Math.min(MINUTE_SECONDS, ...all.map(({ cadenceSeconds }) => cadenceSeconds));
  const perMinute = all.length === 0 ? 0 : Math.round(MINUTE_SECONDS / shortest);
  return {
    services: count,
    shards,
    ticks: minutes * perMinute * shards,
    delayedTicks: minutes * (perMinute - 1) * shards,
    decisions: sum((part) => part.decisions),
    metricsRequested: sum((part) => part.metricsRequested),
    vendedMetrics: sum((part) => part.vendedMetrics),
    vendedDatapoints: sum((part) => part.vendedDatapoints),
    vendedReads: sum((part) => part.vendedReads),
    queueReads: sum((part) => part.queueReads),
    samplesScanned: { low: sum((part) => part.samplesScanned.low), high: sum((part) => part.samplesScanned.high) },
    fineMetrics: sum((part) => part.fineMetrics),
    alarms: sum((part) => part.alarms),
    fineAlarms: sum((part) => part.fineAlarms),
  };
}

type ServiceUsage = Omit<Usage, 'services' | 'shards' | 'ticks' | 'delayedTicks'>;

/** A policy for whatever carries a tag, as one service. */
function taggedAs({ policy }: PolicySet['tagged'][number], index: number): ServicePolicy {
  return { cluster: 'tagged', service: `service-${index}`, ...policy };
}

function usageOfService(policy: ServicePolicy, minutes: number): ServiceUsage {
  const decisions = (minutes * MINUTE_SECONDS) / policy.cadenceSeconds;
  const plan = planOf(policy);
  const metrics = plan.metricData.flatMap(({ bundles }) => bundles.flat()).filter((query) => query.kind === 'metric');
  const vended = vendedOf(metrics);
  const specs = Object.values(policy.signals);
  const fine = specs.filter(isFine);
  const tracked = specs.filter(({ source }) => source.kind !== 'share');
  return {
    decisions,
    metricsRequested: decisions * metrics.length,
    vendedMetrics: vended.length,
    vendedDatapoints: vended.reduce((sum, periodSeconds) => sum + (minutes * MINUTE_SECONDS) / periodSeconds, 0),
    vendedReads: decisions * vended.length,
    queueReads: decisions * plan.queues.length,
    samplesScanned: samplesOf(plan, decisions),
    fineMetrics: new Set(fine.map(({ source }) => JSON.stringify(source))).size,
    alarms: 2 * (tracked.length - fine.length),
    fineAlarms: 2 * fine.length,
  };
}

/** The finest period of each of AWS's own metrics; its statistics are one and the same to whoever sends it. */
function vendedOf(metrics: readonly MetricQuery[]): readonly number[] {
  const own = metrics.filter(({ namespace }) => namespace.startsWith('AWS/'));
  const byMetric = groupedBy(own, ({ namespace, metric, dimensions }) =>
    JSON.stringify([namespace, metric, dimensions]),
  );
  // How many tasks made a number is asked at the finest period there is, whatever the metric has.
  const periods = [...byMetric.values()].map((queries) =>
    queries.filter(({ stat }) => stat !== 'SampleCount').map(({ periodSeconds }) => periodSeconds),
  );
  return periods.map((own) => Math.min(MINUTE_SECONDS, ...own));
}

const isFine = ({ source, periodSeconds }: SignalSpec) => source.kind === 'ecs' && periodSeconds < MINUTE_SECONDS;

/** As a tick would plan it, with one target group and every Prometheus that the policy names. */
function planOf(policy: ServicePolicy): SignalPlan {
  const targetGroup = 'arn:aws:elasticloadbalancing:region:account:targetgroup/one/1';
  const periods = periodsNeeded(policy);
  const { cluster, service } = policy;
  const queries = Object.entries(policy.signals).map(([name, spec]): SignalQuery => {
    return { cluster, service, name, spec, periods: periods[name] ?? 1, targetGroups: [targetGroup] };
  });
  const loadBalancers = new Map<string, LoadBalancer>([[targetGroup, { kind: 'found', name: 'app/one/1' }]]);
  const sources = queries.map(({ spec }) => spec.source);
  return planSignals(queries, 0, { loadBalancers, prometheus: endpointsIn(sources) });
}

function endpointsIn(sources: readonly SignalSource[]): PrometheusEndpoints {
  const endpoint = {
    url: 'http://prometheus',
    authorization: { kind: 'none' },
    scope: { service: '{service}' },
  } as const;
  return Object.fromEntries(sources.flatMap((source) => (source.kind === 'promql' ? [[source.from, endpoint]] : [])));
}

function samplesOf(plan: SignalPlan, decisions: number): Range {
  const steps = plan.promql.reduce((sum, { start, end, stepSeconds, bundles }) => {
    const parts = bundles.reduce((count, { ages }) => count + 1 + ages.length, 0);
    return sum + parts * Math.round((end - start) / (stepSeconds * 1000));
  }, 0);
  return {
    low: decisions * steps * SERIES.low * SAMPLES_PER_STEP.low,
    high: decisions * steps * SERIES.high * SAMPLES_PER_STEP.high,
  };
}
