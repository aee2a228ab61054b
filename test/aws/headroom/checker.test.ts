/** The hourly check against the local cloud, with the unmodified clients. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { awsChecker } from '../../../lib/aws/headroom/checker.ts';
import { type HeadroomClients, headroomClients } from '../../../lib/aws/headroom/clients.ts';
import type { LocalScaling } from '../../../lib/local/autoscaling.ts';
import { type LocalCloud, startLocalCloud } from '../../../lib/local/cloud.ts';
import type { LocalSurroundings } from '../../../lib/local/surroundings.ts';
import type { ServicePolicy } from '../../../lib/policy/policy.ts';
import { fleet, policy } from '../../cdk/synthesized.ts';
import { metricOf, NOON, point, stubPlant } from '../../local/stub-plant.ts';

const REGION = 'eu-west-1';
const GROUP = 'targetgroup/web/0123456789abcdef';
const ARN = `arn:aws:elasticloadbalancing:${REGION}:123456789012:${GROUP}`;
const BALANCER = 'app/shop/50dc6c495c0c9188';

/** Fargate runs on 90 vCPUs, told every five minutes. */
const usage = metricOf(
  'AWS/Usage',
  'ResourceCount',
  { Service: 'Fargate', Type: 'Resource', Resource: 'vCPU', Class: 'Standard/OnDemand' },
  300,
  [80, 90].map((vcpus, i) => point(NOON - (15 - 5 * i) * 60_000, 300, [vcpus])),
);
const healthy = metricOf(
  'AWS/ApplicationELB',
  'HealthyHostCount',
  { TargetGroup: GROUP, LoadBalancer: BALANCER },
  60,
  [],
);
const checkout = () => stubPlant({ desired: 4, metrics: [usage, healthy] });

const around: LocalSurroundings = {
  services: {
    'prod/checkout': {
      service: {
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-b', 'subnet-a'] } },
        deploymentConfiguration: { minimumHealthyPercent: 90, maximumPercent: 125, strategy: 'ROLLING' },
      },
      task: { cpu: '2048', memory: '4096' },
    },
  },
  subnets: [
    { id: 'subnet-a', cidr: '10.0.0.0/28', free: 3 },
    { id: 'subnet-b', cidr: '10.0.1.0/28', free: 4 },
  ],
  quotas: { 'Standard/OnDemand': 100 },
  accountLimits: { 'targets-per-application-load-balancer': 1000 },
  deregistrationSeconds: { [ARN]: 0 },
};
const scaled: LocalScaling = {
  ...{ cluster: 'prod', service: 'checkout', min: 2, max: 20 },
  policies: [
    { name: 'cpu-70', type: 'TargetTrackingScaling', configuration: { TargetTrackingScalingPolicyConfiguration: {} } },
  ],
};

let cloud: LocalCloud;
let clients: HeadroomClients;
afterEach(async () => {
  clients.close();
  await cloud.close();
});

async function start(surroundings: LocalSurroundings = around, plants = [checkout()], scaling = [scaled]) {
  cloud = await startLocalCloud({ plants, surroundings, scaling, region: REGION });
  const { endpoint } = cloud;
  clients = headroomClients({
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoints: { ecs: endpoint, cloudwatch: endpoint, elb: endpoint, ec2: endpoint, scaling: endpoint },
    limits: { attempts: 1 },
  });
}

const check = (...policies: ServicePolicy[]) =>
  awsChecker(clients, REGION).check(policies, NOON, new AbortController().signal);
const CHECKOUT = policy('prod/checkout', 'act');

describe('the check', () => {
  test('of a Fargate service behind a balancer finds its room, its doubts and who else scales it', async () => {
    await start();
    const { checkedAt, pools, services } = await check(CHECKOUT);
    expect(checkedAt).toBe(NOON);
    expect(pools).toEqual({
      fargate: { kind: 'fargateVcpu', name: '', free: 10, limit: 100 },
      launches: { kind: 'launches', name: '', free: 1300 },
      'subnets:subnet-a,subnet-b': { kind: 'subnets', name: 'subnet-a, subnet-b', free: 7, limit: 22 },
      [`targets:arn:aws:elasticloadbalancing:${REGION}:123456789012:loadbalancer/${BALANCER}`]: {
        ...{ kind: 'targets', name: BALANCER, free: 996, limit: 1000 },
      },
    });
    expect(services).toEqual({
      'prod/checkout': {
        counted: 4,
        needs: {
          fargate: 2,
          launches: 1,
          'subnets:subnet-a,subnet-b': 1,
          [`targets:arn:aws:elasticloadbalancing:${REGION}:123456789012:loadbalancer/${BALANCER}`]: 1,
        },
        atOnce: 500,
        scaledBy: ['policy cpu-70'],
        warnings: [
          'Its deregistration delay is 0 s, so a task that is stopped drops its requests: set 30 s or more.',
          'At 2 to 3 tasks a deployment can neither start nor stop one (minimumHealthyPercent 90, maximumPercent 125): set maximumPercent to 150 or more.',
        ],
        unknown: [],
      },
    });
  });

  test('says what it could not find out, and finds the rest', async () => {
    await start({ ...around, quotas: {} });
    for (const operation of ['DescribeSubnets', 'DescribeScalableTargets', 'DescribeTargetGroupAttributes'] as const)
      cloud.faults.next(operation, { kind: 'accessDenied' });
    const { pools, services } = await check(CHECKOUT);
    expect(Object.keys(pools)).toEqual(['launches']);
    const found = services['prod/checkout'];
    expect([found?.counted, found?.needs, found?.scaledBy]).toEqual([4, { launches: 1 }, undefined]);
    expect(found?.unknown).toEqual([
      expect.stringMatching(/^what else scales it: AccessDeniedException: .*DescribeScalableTargets$/),
      'the vCPU quota: Error: CloudWatch knows no quota of it',
      expect.stringMatching(/^free addresses of its subnets: UnauthorizedOperation: .*DescribeSubnets$/),
      expect.stringMatching(/^target group web\/0123456789abcdef: AccessDenied: /),
    ]);
  });

  test('of a service that ECS does not know still says who scales it', async () => {
    await start();
    const { services } = await check(policy('prod/chekout', 'act'), CHECKOUT);
    expect(services['prod/chekout']).toEqual({
      ...{ counted: 0, needs: {}, scaledBy: [], warnings: [] },
      unknown: ['what its tasks need: ECS knows no such service'],
    });
    expect(services['prod/checkout']?.unknown).toEqual([]);
  });

  test('shares Fargate Spot and on-demand by their weights', async () => {
    const spot = metricOf(
      ...(['AWS/Usage', 'ResourceCount'] as const),
      { Service: 'Fargate', Type: 'Resource', Resource: 'vCPU', Class: 'Standard/Spot' },
      300,
      [point(NOON - 600_000, 300, [4])],
    );
    const capacityProviderStrategy = [
      { capacityProvider: 'FARGATE', base: 1, weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 3 },
    ];
    await start(
      {
        quotas: { 'Standard/OnDemand': 100, 'Standard/Spot': 6 },
        services: {
          'prod/checkout': { service: { launchType: undefined, capacityProviderStrategy }, task: { cpu: '1024' } },
        },
      },
      [stubPlant({ metrics: [usage, spot] })],
    );
    const { pools, services } = await check(CHECKOUT);
    expect(pools['fargate-spot']).toEqual({ kind: 'fargateSpotVcpu', name: '', free: 2, limit: 6 });
    expect(services['prod/checkout']?.needs).toEqual({
      ...{ fargate: 0.25, launches: 0.25, 'fargate-spot': 0.75, 'launches-spot': 0.75 },
    });
  });

  test.each([
    ['that do not grow bound it', 'DISABLED', { 'instances:prod:512:1024': 1 }],
    ['that grow do not', 'ENABLED', {}],
  ])('of instances %s', async (_, status, needs) => {
    const resources = (cpu: number, memory: number) => [
      { name: 'CPU', type: 'INTEGER', integerValue: cpu },
      { name: 'MEMORY', type: 'INTEGER', integerValue: memory },
    ];
    const instance = (id: string, cpu: number, memory: number, agentConnected = true) => ({
      ...{ containerInstanceArn: id, agentConnected, status: 'ACTIVE' },
      ...{ remainingResources: resources(cpu, memory), registeredResources: resources(2048, 4096) },
    });
    await start({
      services: {
        'prod/checkout': {
          service: { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'asg', weight: 1 }] },
          task: {
            cpu: undefined,
            containerDefinitions: [{ name: 'app', cpu: 512, memory: 1024, stopTimeout: 90 }],
            memory: undefined,
          },
        },
      },
      capacityProviders: [{ name: 'asg', autoScalingGroupProvider: { managedScaling: { status } } }],
      // Two by memory, one by CPU, none, and one that nobody can reach.
      instances: {
        prod: [
          instance('a', 2048, 2100),
          instance('b', 1000, 4096),
          instance('c', 100, 100),
          instance('d', 2048, 4096, false),
        ],
      },
    });
    const { pools, services } = await check(CHECKOUT);
    expect(services['prod/checkout']?.needs).toEqual(needs);
    expect(services['prod/checkout']?.atOnce).toBeUndefined();
    const pool = { kind: 'instances', name: 'prod', free: 3, limit: 12 };
    expect(pools['instances:prod:512:1024']).toEqual(status === 'DISABLED' ? pool : undefined);
  });

  test('asks for each fact once, however many services share it', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
    const plants = names.map((service) => stubPlant({ service, metrics: [usage] }));
    const services = Object.fromEntries(
      names.map((name) => [
        `prod/${name}`,
        {
          service: {
            taskDefinition: 'arn:aws:ecs:x:task-definition/web:1',
            networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
          },
        },
      ]),
    );
    await start({ ...around, services }, plants, []);
    await check(...fleet(...names.map((name) => policy(`prod/${name}`, 'act'))).services);
    expect(cloud.calls.all()).toEqual({
      ...{ DescribeServices: 2, DescribeTaskDefinition: 1, DescribeSubnets: 1, GetMetricData: 1 },
      DescribeScalableTargets: 1,
    });
  });

  test('of a worker compares its messages with its stop timeout', async () => {
    await start({});
    const worker: ServicePolicy = {
      ...CHECKOUT,
      targets: [
        {
          kind: 'backlog',
          name: 'jobs',
          signal: 'jobs',
          tolerance: { out: 0.1, in: 0.1 },
          finishWithinSeconds: 60,
          secondsPerMessage: 45,
          parallelPerTask: 1,
        },
      ],
    };
    const { services } = await check(worker);
    expect(services['prod/checkout']?.warnings.join()).toMatch(
      /A message takes 45 s, and stopTimeout kills a task after 30 s/,
    );
  });
});
