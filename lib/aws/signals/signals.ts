/** Signals from AWS: plan, ask every source at once, and put each signal's reading together. */
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SignalQuery, Signals } from '../../loop/ports.ts';
import type { Reading } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { loadBalancerFinder } from './load-balancers.ts';
import { type Meter, newMeter } from './meter.ts';
import { askMetricData } from './metric-data.ts';
import { planSignals, type SignalPlan } from './plan.ts';
import { promqlSource } from './promql/ask.ts';
import type { PrometheusEndpoints } from './promql/endpoints.ts';
import { sqsQueues } from './queues.ts';
import { readingOf } from './reading.ts';
import type { Answers } from './recipe.ts';

export interface SignalClients {
  readonly cloudwatch: CloudWatchClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly sqs: SQSClient;
  readonly limits: { readonly callMs: number };
}

export interface SignalOptions {
  /** Absent: policies cannot name any. */
  readonly prometheus?: PrometheusEndpoints;
  /** Told what reading uses up. */
  readonly meter?: Meter;
}

/** What was asked, and what came. */
export interface ReadSignals {
  readonly plan: SignalPlan;
  /** One for each query, in order. */
  readonly readings: readonly Reading[];
}

export interface SignalReader {
  read(queries: readonly SignalQuery[], now: EpochMs, abort: AbortSignal): Promise<ReadSignals>;
}

export function awsSignals(clients: SignalClients, options: SignalOptions = {}): Signals {
  const reader = signalReader(clients, options);
  return { read: async (queries, now, abort) => (await reader.read(queries, now, abort)).readings };
}

export function signalReader(clients: SignalClients, options: SignalOptions = {}): SignalReader {
  const { cloudwatch, elb, sqs, limits } = clients;
  const { prometheus = {}, meter = newMeter() } = options;
  const { callMs } = limits;
  const credentials = () => cloudwatch.config.credentials();
  const promql = promqlSource({ endpoints: prometheus, credentials, callMs, meter });
  const finder = loadBalancerFinder(elb, callMs);
  const queues = sqsQueues(sqs, callMs, meter);
  return {
    async read(queries, now, abort) {
      abort.throwIfAborted();
      const loadBalancers = await finder.find(targetGroupsOf(queries), now, abort);
      const plan = planSignals(queries, now, { loadBalancers, prometheus });
      const [metrics, counts, series] = await Promise.all([
        askMetricData(cloudwatch, plan.metricData, callMs, abort, meter),
        queues.ask(plan.queues, abort),
        promql.ask(plan.promql, now, abort),
      ]);
      const answers: Answers = { series: new Map([...metrics, ...series]), queues: new Map(counts) };
      return { plan, readings: plan.recipes.map((recipe) => readingOf(recipe, answers)) };
    },
  };
}

/** Of the signals that are read by target group. */
function targetGroupsOf(queries: readonly SignalQuery[]): readonly string[] {
  return queries.flatMap(({ spec: { source }, targetGroups = [] }) =>
    source.kind === 'alb' || (source.kind === 'share' && source.part.kind === 'alb') ? targetGroups : [],
  );
}
