/** Amazon EC2 over its own query protocol: subnets and their free addresses. */
import { AwsError } from './aws-error.ts';
import type { QueryService } from './aws-service.ts';
import type { JsonObject } from './json-input.ts';
import type { LocalSubnet } from './surroundings.ts';

export function createEc2(subnets: readonly LocalSubnet[]): QueryService {
  return {
    protocol: 'query',
    flavour: 'ec2',
    version: '2016-11-15',
    xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    signingName: 'ec2',
    operations: new Map([['DescribeSubnets', (input: JsonObject) => describeSubnets(subnets, input)]]),
    refusals: {
      throttle: () => new AwsError(503, 'RequestLimitExceeded', 'Request limit exceeded.'),
      serverError: () => new AwsError(500, 'InternalError', 'An internal error has occurred'),
      accessDenied: (operation) =>
        new AwsError(
          403,
          'UnauthorizedOperation',
          `You are not authorized to perform this operation: ec2:${operation}`,
        ),
    },
  };
}

/** One id that is not known fails them all, as EC2 does it. */
function describeSubnets(subnets: readonly LocalSubnet[], input: JsonObject): object {
  const asked = Object.values((input.SubnetId ?? {}) as Readonly<Record<string, string>>);
  const found = asked.map((id) => {
    const subnet = subnets.find((one) => one.id === id);
    if (subnet === undefined)
      throw new AwsError(400, 'InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  return {
    subnetSet: found.map(({ id, cidr, free }) => ({
      subnetId: id,
      cidrBlock: cidr,
      availableIpAddressCount: free,
      ipv6Native: false,
      state: 'available',
    })),
  };
}
