/** What `schmitt signals` talks to: CloudWatch, SQS, ECS, Prometheus servers, and the clock. It reads and changes nothing. */
import { awsClients, type ClientOptions } from '../../aws/clients.ts';
import { awsServices } from '../../aws/services.ts';
import { type Enrichment, probeEnrichment } from '../../aws/signals/enrichment.ts';
import { type Meter, newMeter } from '../../aws/signals/meter.ts';
import type { PrometheusEndpoints } from '../../aws/signals/promql/endpoints.ts';
import { type SignalReader, signalReader } from '../../aws/signals/signals.ts';
import { systemClock } from '../../aws/system-clock.ts';
import type { Clock, Services } from '../../loop/ports.ts';

export interface Inspector {
  readonly clock: Clock;
  readonly services: Pick<Services, 'describe'>;
  readonly signals: SignalReader;
  readonly meter: Meter;
  enrichment(): Promise<Enrichment>;
  readonly abort: AbortSignal;
  close(): void;
}

export interface InspectorOptions extends ClientOptions {
  readonly abort: AbortSignal;
  readonly prometheus?: PrometheusEndpoints;
  readonly clock?: Clock;
}

export function inspectorFor(options: InspectorOptions): Inspector {
  const { abort, prometheus = {}, clock = systemClock } = options;
  const clients = awsClients(options);
  const meter = newMeter();
  return {
    clock,
    services: awsServices(clients),
    signals: signalReader(clients, { prometheus, meter }),
    meter,
    enrichment: () => probeEnrichment(clients.cloudwatch, clients.limits.callMs, abort),
    abort,
    close: clients.close,
  };
}
