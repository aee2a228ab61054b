/** Asks a real Prometheus as the tick would: the adapter and nothing else, in real time, with periods of a few seconds. */
import { awsClients } from '../../lib/aws/clients.ts';
import { type Meter, newMeter } from '../../lib/aws/signals/meter.ts';
import type { PrometheusEndpoint } from '../../lib/aws/signals/promql/endpoints.ts';
import { awsSignals } from '../../lib/aws/signals/signals.ts';
import type { SignalQuery } from '../../lib/loop/ports.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import type { SignalSpec } from '../../lib/policy/policy.ts';
import type { RealPrometheus } from './prometheus.ts';

/** By their titles; told one after the other to a Prometheus of their own. */
export type Stories = Readonly<Record<string, (prometheus: RealPrometheus) => Promise<void>>>;

export const REGION = 'eu-west-1';
export const CREDENTIALS = { accessKeyId: 'AKID', secretAccessKey: 'right' };
export const PERIOD_SECONDS = 5;

export function signal(query: string, facts: Partial<SignalSpec> = {}): SignalQuery {
  const spec: SignalSpec = {
    source: { kind: 'promql', query, from: 'prom' },
    stat: 'Average',
    periodSeconds: PERIOD_SECONDS,
    publicationDelaySeconds: 1,
    scale: 1,
    averagedOverTasks: false,
    whenMissing: { kind: 'unknown' },
    ...facts,
  };
  return { cluster: 'prod', service: 'web', name: 'load', spec, periods: 2 };
}

export async function read(
  endpoint: PrometheusEndpoint,
  queries: readonly SignalQuery[],
  meter: Meter = newMeter(),
  now = Date.now(),
): Promise<readonly Reading[]> {
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS });
  const signals = awsSignals(clients, { prometheus: { prom: endpoint }, meter });
  try {
    return await signals.read(queries, now, new AbortController().signal);
  } finally {
    clients.close();
  }
}

export const plain = ({ url }: RealPrometheus): PrometheusEndpoint => ({ url, authorization: { kind: 'none' } });
export const newest = (reading: Reading | undefined) => reading?.values.at(-1);
