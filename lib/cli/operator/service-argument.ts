/** SERVICE as an operator types it, and the service that ECS knows by it. */

import type { DescribedService } from '../../loop/ports.ts';
import { BadInput } from '../../policy/bad-input.ts';
import type { ServiceName } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import type { Operator } from './operator.ts';

/** `cluster/service`. @param asked what the command calls it */
export function serviceArgument(text: string, asked = 'SERVICE'): ServiceName {
  const [cluster, service, ...more] = text.split('/');
  if (!cluster || !service || more.length > 0) {
    throw new BadInput(`${asked} is '${text}'; write cluster/service, as in prod/checkout.`);
  }
  return { cluster, service };
}

export async function describeOne(
  operator: Pick<Operator, 'services' | 'abort'>,
  name: ServiceName,
): Promise<DescribedService> {
  const [found] = await operator.services.describe([name], operator.abort);
  if (found?.kind === 'found') return found;
  throw new BadInput(
    `SERVICE ${nameText(name)}: ${found?.cause ?? 'ECS did not answer for it'}; check the name, the Region and the account.`,
  );
}
