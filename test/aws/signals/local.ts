/** The real adapter and the unmodified clients in front of a local cloud that holds given datapoints. */
import { awsClients, type CallLimits } from '../../../lib/aws/clients.ts';
import { awsSignals } from '../../../lib/aws/signals/signals.ts';
import { type LocalCloud, startLocalCloud } from '../../../lib/local/cloud.ts';
import type { LocalQueue } from '../../../lib/local/sqs/sqs.ts';
import type { SignalQuery, Signals } from '../../../lib/loop/ports.ts';
import type { Reading } from '../../../lib/policy/observation.ts';
import type { EpochMs } from '../../../lib/policy/policy.ts';
import type { PlantMetric } from '../../../lib/sim/types.ts';
import { NOW } from '../../contracts/signals.ts';
import { stubPlant } from '../../local/stub-plant.ts';
import { CREDENTIALS, REGION } from '../dynamodb.ts';

export interface World {
  readonly cloud: LocalCloud;
  readonly signals: Signals;
  read(...queries: readonly SignalQuery[]): Promise<readonly Reading[]>;
  readAt(now: EpochMs, ...queries: readonly SignalQuery[]): Promise<readonly Reading[]>;
}

export interface Given {
  readonly metrics?: readonly PlantMetric[];
  readonly queues?: readonly LocalQueue[];
  readonly limits?: Partial<CallLimits>;
}

/** A world for one story, closed when it ends. */
export async function withCloud(given: Given, tell: (world: World) => Promise<void>): Promise<void> {
  const plant = stubPlant({ metrics: given.metrics ?? [] });
  plant.advanceTo(NOW);
  const cloud = await startLocalCloud({ plants: [plant], queues: given.queues ?? [], region: REGION });
  const clients = awsClients({
    region: REGION,
    credentials: CREDENTIALS,
    endpoints: { cloudwatch: cloud.endpoint, elb: cloud.endpoint, sqs: cloud.endpoint },
    limits: { attempts: 1, ...given.limits },
  });
  const signals = awsSignals(clients);
  const readAt = (now: EpochMs, ...queries: readonly SignalQuery[]) =>
    signals.read(queries, now, new AbortController().signal);
  try {
    await tell({ cloud, signals, readAt, read: (...queries) => readAt(NOW, ...queries) });
  } finally {
    clients.close();
    await cloud.close();
  }
}
