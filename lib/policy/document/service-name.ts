/** `cluster/service`, or the ARN that says the same. */
import type { ServiceName } from '../policy.ts';
import type { Path } from './problem.ts';
import type { Scope } from './scope.ts';

/** Region and account of an ARN are those of the scaler that reads it; only the two names are kept. */
export function serviceNameOf(text: string, scope: Scope, path: Path): ServiceName {
  if (!text.startsWith('arn:')) {
    const [cluster = '', service = ''] = text.split('/');
    return { cluster, service };
  }
  const [, , product, , , resource = ''] = text.split(':');
  const [kind, cluster = '', service = '', more] = resource.split('/');
  if (product === 'ecs' && kind === 'service' && cluster !== '' && service === '')
    scope.say(path, `is ${text}, an ARN of the old form without its cluster; write cluster/service`);
  else if (product !== 'ecs' || kind !== 'service' || service === '' || more !== undefined)
    scope.say(path, `is ${text}, not the ARN of an ECS service; write cluster/service`);
  return { cluster, service };
}
