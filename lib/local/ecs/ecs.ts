/** Amazon ECS over its JSON 1.1 protocol. */
import { AwsError } from '../aws-error.ts';
import type { Answer, AwsService } from '../aws-service.ts';
import type { EcsOperation } from '../operations.ts';
import { describeServices, listServices } from './read.ts';
import { type EcsOptions, EcsRegistry } from './services.ts';
import { describeTasks, listTasks } from './tasks.ts';
import { updateService } from './update.ts';

export function createEcs(options: EcsOptions): AwsService {
  const registry = new EcsRegistry(options);
  const operations = new Map<EcsOperation, Answer>([
    ['DescribeServices', (input) => describeServices(registry, input)],
    ['ListServices', (input) => listServices(registry, input)],
    ['ListTasks', (input) => listTasks(registry, input)],
    ['DescribeTasks', (input) => describeTasks(registry, input)],
    ['UpdateService', (input) => updateService(registry, input)],
  ]);
  return {
    protocol: 'json',
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    signingName: 'ecs',
    contentType: 'application/x-amz-json-1.1',
    operations,
    refusals: {
      throttle: () => new AwsError(400, 'ThrottlingException', 'Rate exceeded'),
      serverError: () => new AwsError(500, 'ServerException', 'Service Unavailable. Please try again later.'),
      accessDenied: (operation) =>
        new AwsError(400, 'AccessDeniedException', `User is not authorized to perform: ecs:${operation}`),
    },
  };
}
