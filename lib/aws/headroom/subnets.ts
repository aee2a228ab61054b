/** Free addresses: every task in `awsvpc` mode takes one of its subnets'. */
import { DescribeSubnetsCommand, type Subnet } from '@aws-sdk/client-ec2';
import type { Pool } from '../../policy/headroom/findings.ts';
import { batchesOf } from '../batches.ts';
import { limited } from '../call.ts';
import { type Asked, asking } from './asked.ts';
import type { HeadroomClients } from './clients.ts';

const IDS_PER_CALL = 100;
/** AWS keeps five of each subnet for itself. */
const KEPT_BY_AWS = 5;

/** By id. */
export function readSubnets(
  { ec2, limits }: Pick<HeadroomClients, 'ec2' | 'limits'>,
  ids: readonly string[],
  abort: AbortSignal,
): Promise<Asked<ReadonlyMap<string, Subnet>>> {
  return asking(abort, async () => {
    const found = new Map<string, Subnet>();
    for (const SubnetIds of batchesOf(IDS_PER_CALL, [...new Set(ids)])) {
      const command = new DescribeSubnetsCommand({ SubnetIds });
      const answer = await limited(limits.callMs, abort, (abortSignal) => ec2.send(command, { abortSignal }));
      for (const subnet of answer.Subnets ?? []) found.set(subnet.SubnetId ?? '', subnet);
    }
    return found;
  });
}

/** Of subnets that tasks are spread over. Undefined: one of them has addresses without end, or nobody said. */
export function addressesOf(ids: readonly string[], subnets: ReadonlyMap<string, Subnet>): Pool | undefined {
  let [free, limit] = [0, 0];
  for (const id of ids) {
    const { AvailableIpAddressCount: available, CidrBlock = '', Ipv6Native } = subnets.get(id) ?? {};
    const prefix = Number(CidrBlock.split('/')[1]);
    if (available === undefined || Ipv6Native === true || !Number.isInteger(prefix)) return undefined;
    free += available;
    limit += 2 ** (32 - prefix) - KEPT_BY_AWS;
  }
  return ids.length === 0 ? undefined : { kind: 'subnets', name: ids.join(', '), free, limit };
}
