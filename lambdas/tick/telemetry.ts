/** Structured logs and metrics in CloudWatch's embedded metric format, both written to standard output. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

export const METRICS_NAMESPACE = 'Schmitt';

export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** `service` is Powertools' word for the program that writes, here the scaler; the ECS service of a line stands in `ecsService`. */
export function createTelemetry(serviceName = 'schmitt'): Telemetry {
  return { logger: new Logger({ serviceName }), metrics: new Metrics({ namespace: METRICS_NAMESPACE, serviceName }) };
}
