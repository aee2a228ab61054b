/** Target groups and their health, over the query protocol, as the unmodified client reads them. */
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from '../../lib/local/cloud.ts';
import { ACCOUNT, failure, REGION } from './clients.ts';
import { metricOf, stubPlant } from './stub-plant.ts';

const ARN = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
const named = (group: string, LoadBalancer?: string) =>
  metricOf(
    'AWS/ApplicationELB',
    'RequestCount',
    { TargetGroup: group, ...(LoadBalancer === undefined ? {} : { LoadBalancer }) },
    60,
    [],
  );

let cloud: LocalCloud;
let elb: ElasticLoadBalancingV2Client;

beforeEach(async () => {
  const metrics = [named('targetgroup/a<b>&c/1', 'app/web/9'), named('targetgroup/idle/2')];
  cloud = await startLocalCloud({ plants: [stubPlant({ metrics })], account: ACCOUNT, region: REGION });
  const credentials = { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'local' };
  elb = new ElasticLoadBalancingV2Client({ region: REGION, credentials, endpoint: cloud.endpoint, maxAttempts: 1 });
});

afterEach(async () => {
  elb.destroy();
  await cloud.close();
});

describe('DescribeTargetGroups', () => {
  test('names the load balancer of each group, in the order asked; one without a listener has none', async () => {
    const TargetGroupArns = [`${ARN}:targetgroup/idle/2`, `${ARN}:targetgroup/a<b>&c/1`];
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
    expect(TargetGroups).toMatchObject([
      { TargetGroupArn: TargetGroupArns[0], LoadBalancerArns: [] },
      { TargetGroupArn: TargetGroupArns[1], LoadBalancerArns: [`${ARN}:loadbalancer/app/web/9`], Port: 8080 },
    ]);
  });

  test('without a name it lists them all', async () => {
    const { TargetGroups, NextMarker } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect([TargetGroups?.length, NextMarker]).toEqual([2, undefined]);
  });

  test('refuses a group it does not know, and is refused, by AWS’s names', async () => {
    const TargetGroupArns = [`${ARN}:targetgroup/gone/1`];
    const gone = await failure(elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns })));
    expect([gone.name, gone.message]).toEqual([
      'TargetGroupNotFoundException',
      `Target groups '${TargetGroupArns[0]}' not found`,
    ]);
    cloud.faults.next('DescribeTargetGroups', { kind: 'accessDenied' });
    const denied = await failure(elb.send(new DescribeTargetGroupsCommand({})));
    expect([denied.name, denied.$metadata?.httpStatusCode]).toEqual(['AccessDenied', 403]);
    expect(cloud.calls.of('DescribeTargetGroups')).toBe(2);
  });
});

test('DescribeTargetHealth shows one target a task in service', async () => {
  const TargetGroupArn = `${ARN}:targetgroup/a<b>&c/1`;
  const { TargetHealthDescriptions } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  expect(TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State)).toEqual(Array(4).fill('healthy'));
});
