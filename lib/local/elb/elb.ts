/** Elastic Load Balancing v2 over the query protocol: the target groups of the plants, and how their targets are. */
import type { Plant } from '../../sim/types.ts';
import { AwsError } from '../aws-error.ts';
import type { Answer, QueryService } from '../aws-service.ts';
import { type JsonObject, text, texts } from '../json-input.ts';
import type { ElbOperation } from '../operations.ts';

export interface ElbOptions {
  readonly account: string;
  readonly region: string;
  readonly plants: readonly Plant[];
}

/** What an account without its own arrangement gets in one page. */
const PAGE = 400;

export function createElb({ account, region, plants }: ElbOptions): QueryService {
  const prefix = `arn:aws:elasticloadbalancing:${region}:${account}`;
  const operations = new Map<ElbOperation, Answer>([
    ['DescribeTargetGroups', (input) => describeTargetGroups(plants, prefix, input)],
    ['DescribeTargetHealth', (input) => describeTargetHealth(plants, prefix, input)],
  ]);
  return {
    protocol: 'query',
    version: '2015-12-01',
    xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    signingName: 'elasticloadbalancing',
    operations,
    refusals: {
      throttle: () => new AwsError(400, 'Throttling', 'Rate exceeded'),
      serverError: () => new AwsError(500, 'InternalFailure', 'Internal failure'),
      accessDenied: (operation) =>
        new AwsError(403, 'AccessDenied', `User is not authorized to perform: elasticloadbalancing:${operation}`),
    },
  };
}

interface TargetGroup {
  readonly arn: string;
  /** `targetgroup/name/id`. */
  readonly path: string;
  /** `app/name/id`; absent: it has none. */
  readonly loadBalancer: string | undefined;
  readonly plant: Plant;
}

/** As the metrics of the plants name them. */
function targetGroupsOf(plants: readonly Plant[], prefix: string): ReadonlyMap<string, TargetGroup> {
  const groups = new Map<string, TargetGroup>();
  for (const plant of plants) {
    for (const { dimensions } of plant.metrics()) {
      const { TargetGroup: path, LoadBalancer: loadBalancer } = dimensions;
      if (path === undefined) continue;
      const arn = `${prefix}:${path}`;
      groups.set(arn, { arn, path, loadBalancer: loadBalancer ?? groups.get(arn)?.loadBalancer, plant });
    }
  }
  return groups;
}

function describeTargetGroups(plants: readonly Plant[], prefix: string, input: JsonObject): object {
  const groups = targetGroupsOf(plants, prefix);
  const asked = texts(input, 'TargetGroupArns');
  const found = asked.length === 0 ? [...groups.values()] : asked.map((arn) => groups.get(arn) ?? notFound(arn));
  const from = Number(text(input, 'Marker') ?? '0');
  const end = from + PAGE;
  return {
    TargetGroups: found.slice(from, end).map(({ arn, path, loadBalancer }) => ({
      TargetGroupArn: arn,
      TargetGroupName: path.split('/')[1],
      Protocol: 'HTTP',
      Port: 8080,
      TargetType: 'ip',
      LoadBalancerArns: loadBalancer === undefined ? [] : [`${prefix}:loadbalancer/${loadBalancer}`],
    })),
    NextMarker: end < found.length ? String(end) : undefined,
  };
}

const INITIAL = { State: 'initial', Reason: 'Elb.InitialHealthChecking' };
const UNHEALTHY = {
  State: 'unhealthy',
  Reason: 'Target.ResponseCodeMismatch',
  Description: 'Health checks failed with these codes: [502]',
};

/** Its tasks in service are healthy, those that run and wait for their first check are initial. */
function describeTargetHealth(plants: readonly Plant[], prefix: string, input: JsonObject): object {
  const arn = text(input, 'TargetGroupArn') ?? '';
  const group = targetGroupsOf(plants, prefix).get(arn) ?? notFound(arn);
  const { running, inService, draining, unhealthy = 0 } = group.plant.view();
  const states = [
    ...Array.from({ length: inService }, () => ({ State: 'healthy' })),
    ...Array.from({ length: running - inService - unhealthy }, () => INITIAL),
    ...Array.from({ length: unhealthy }, () => UNHEALTHY),
    ...Array.from({ length: draining }, () => ({ State: 'draining', Reason: 'Target.DeregistrationInProgress' })),
  ];
  return {
    TargetHealthDescriptions: states.map((health, i) => ({
      Target: { Id: `10.0.${i >> 8}.${i & 255}`, Port: 8080 },
      TargetHealth: health,
    })),
  };
}

function notFound(arn: string): never {
  throw new AwsError(400, 'TargetGroupNotFound', `Target groups '${arn}' not found`);
}
