/** The account that the services live in. */
import type { ServiceName } from '../policy/policy.ts';

/** What a service's ARN is made of. */
export interface Account {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** The ARN of a service, without asking AWS. */
export function arnOf(account: Account, name: ServiceName): string {
  return `arn:${account.partition}:ecs:${account.region}:${account.accountId}:service/${name.cluster}/${name.service}`;
}
