/** Amazon CloudWatch over its JSON 1.0 protocol, with the error codes of the query protocol beside, as its clients ask for. */
import type { EpochMs } from '../../policy/policy.ts';
import type { Plant } from '../../sim/types.ts';
import { AwsError } from '../aws-error.ts';
import type { Answer, AwsService } from '../aws-service.ts';
import type { Faults } from '../faults.ts';
import { texts } from '../json-input.ts';
import type { CloudWatchOperation } from '../operations.ts';
import { Catalogue } from './catalogue.ts';
import { NAMESPACE } from './fields.ts';
import { getMetricData } from './get-metric-data.ts';
import { listMetrics } from './list-metrics.ts';
import { PutMetrics } from './put-metric-data.ts';

export interface CloudWatchOptions {
  readonly plants: readonly Plant[];
  readonly faults: Faults;
  /** As `DescribeAlarms` writes them; none is ever evaluated. */
  readonly alarms?: readonly (object & { readonly AlarmName: string })[];
  now(): EpochMs;
}

export function createCloudWatch({ plants, faults, alarms = [], now }: CloudWatchOptions): AwsService {
  const put = new PutMetrics();
  const catalogue = new Catalogue(plants, put.metrics);
  const operations = new Map<CloudWatchOperation, Answer>([
    [
      'DescribeAlarms',
      (input) => {
        const asked = texts(input, 'AlarmNames');
        return { MetricAlarms: alarms.filter(({ AlarmName }) => asked.includes(AlarmName)) };
      },
    ],
    ['GetMetricData', (input) => getMetricData({ catalogue, faults, now }, input)],
    // It is switched on by nobody here.
    ['GetOTelEnrichment', () => ({ Status: 'Stopped' })],
    ['ListMetrics', (input) => listMetrics(catalogue, input)],
    ['PutMetricData', (input) => put.put(input, now())],
  ]);
  return {
    protocol: 'json',
    targetPrefix: 'GraniteServiceVersion20100801',
    signingName: 'monitoring',
    contentType: 'application/x-amz-json-1.0',
    errorNamespace: NAMESPACE,
    operations,
    refusals: {
      throttle: () => new AwsError(400, 'ThrottlingException', 'Rate exceeded', 'Throttling'),
      serverError: () => new AwsError(500, 'InternalServiceFault', 'Internal service error', 'InternalServiceError'),
      accessDenied: (operation) => {
        const message = `User is not authorized to perform: cloudwatch:${operation}`;
        return new AwsError(403, 'AccessDeniedException', message, 'AccessDenied');
      },
    },
  };
}
