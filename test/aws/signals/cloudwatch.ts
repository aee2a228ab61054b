/** As much of CloudWatch as the adapter speaks with, on a wire that a test can break. */
import { awsClients, type CallLimits } from '../../../lib/aws/clients.ts';
import { awsSignals } from '../../../lib/aws/signals/signals.ts';
import type { Signals } from '../../../lib/loop/ports.ts';
import type { Datapoint } from '../../../lib/policy/observation.ts';
import { CREDENTIALS, REGION } from '../dynamodb.ts';
import { startWire, type Wire, type WireAnswer } from '../wire.ts';

/** A query of GetMetricData, as it came over the wire. */
export interface AskedQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Stat: string;
    readonly Period: number;
    readonly Unit?: string;
  };
}

export interface AskedCall {
  /** Epoch seconds. */
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly AskedQuery[];
  readonly NextToken?: string;
}

export interface Result {
  readonly Id: string;
  readonly Timestamps: readonly number[];
  /** Numbers, and `NaN` as the protocol writes it. */
  readonly Values: readonly (number | string)[];
  readonly StatusCode?: string;
  readonly Messages?: readonly { readonly Code: string; readonly Value: string }[];
}

export interface CloudWatchWorld {
  readonly signals: Signals;
  readonly wire: Wire;
  calls(): AskedCall[];
  close(): Promise<void>;
}

export async function startCloudWatch(
  answer: (call: AskedCall) => WireAnswer,
  limits: Partial<CallLimits> = {},
): Promise<CloudWatchWorld> {
  const wire = await startWire(({ text }) => answer(JSON.parse(text)));
  const clients = awsClients({
    region: REGION,
    credentials: CREDENTIALS,
    endpoints: { cloudwatch: wire.endpoint },
    limits: { attempts: 1, ...limits },
  });
  return {
    signals: awsSignals(clients),
    wire,
    calls: () => wire.requests.map(({ text }) => JSON.parse(text)),
    close: async () => {
      clients.close();
      await wire.close();
    },
  };
}

/** One page with the results of every query of the call. */
export function page(
  call: AskedCall,
  resultOf: (query: AskedQuery) => Omit<Result, 'Id'>,
  more: object = {},
): WireAnswer {
  const results = call.MetricDataQueries.map((query) => ({ Id: query.Id, ...resultOf(query) }));
  return { body: { MetricDataResults: results, Messages: [], ...more } };
}

/** Newest first, as CloudWatch has it; the third of a datapoint answers SampleCount. */
export function complete(
  call: AskedCall,
  { MetricStat }: AskedQuery,
  points: readonly Datapoint[],
): Omit<Result, 'Id'> {
  const within = points
    .map(([at, ...rest]): Datapoint => [at / 1000, ...rest])
    .filter(([at]) => at >= call.StartTime && at < call.EndTime)
    .toSorted(([a], [b]) => b - a);
  return {
    Timestamps: within.map(([at]) => at),
    Values: within.map(([, value, tasks]) => (MetricStat.Stat === 'SampleCount' ? (tasks ?? 1) : value)),
    StatusCode: 'Complete',
  };
}
