/** What EventBridge sends, in the form that AWS documents, and whom it wakes. */
import { describe, expect, test } from '@jest/globals';
import { readEvents } from '../../lib/aws/events.ts';

const AT = '2026-11-20T08:00:05Z';
const ARN = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';

function event(type: string, detail: object, resources: readonly string[] = []): object {
  const common = { version: '0', id: 'e-1', account: '123456789012', region: 'eu-west-1', time: AT };
  return { ...common, source: 'aws.test', 'detail-type': type, resources, detail };
}

const wake = (why: string, service = 'checkout') => ({
  kind: 'events',
  events: [{ id: `e-1 prod/${service}`, at: Date.parse(AT), cluster: 'prod', service, kind: 'wake', why }],
});

describe('a service is woken', () => {
  test('by its deployment', () => {
    const detail = { eventType: 'INFO', eventName: 'SERVICE_DEPLOYMENT_COMPLETED', deploymentId: 'ecs-svc/1' };
    expect(readEvents(event('ECS Deployment State Change', detail, [ARN]))).toEqual(
      wake('SERVICE_DEPLOYMENT_COMPLETED'),
    );
  });

  test('by tasks that cannot be placed', () => {
    const detail = { eventType: 'ERROR', eventName: 'SERVICE_TASK_PLACEMENT_FAILURE', reason: 'RESOURCE:FARGATE' };
    expect(readEvents(event('ECS Service Action', detail, [ARN]))).toEqual(wake('SERVICE_TASK_PLACEMENT_FAILURE'));
  });

  test('by an alarm on its metrics, once however many it watches', () => {
    const dimensions = { ClusterName: 'prod', ServiceName: 'checkout' };
    const metric = { metricStat: { metric: { namespace: 'AWS/ECS', name: 'CPUUtilization', dimensions }, period: 60 } };
    const detail = { alarmName: 'cpu-high', state: { value: 'ALARM' }, configuration: { metrics: [metric, metric] } };
    expect(readEvents(event('CloudWatch Alarm State Change', detail))).toEqual(wake('alarm cpu-high'));
  });

  test('by any alarm that names it', () => {
    const configuration = { description: 'Queue too long. schmitt: prod/thumbs', metrics: [] };
    const detail = { alarmName: 'queue', configuration };
    expect(readEvents(event('CloudWatch Alarm State Change', detail))).toEqual(wake('alarm queue', 'thumbs'));
  });
});

describe('CloudTrail tells who set a count', () => {
  const MIRA = 'arn:aws:sts::123456789012:assumed-role/ops/mira';
  const call = (detail: object) =>
    readEvents(
      event('AWS API Call via CloudTrail', {
        ...{ eventSource: 'ecs.amazonaws.com', eventName: 'UpdateService', eventTime: AT },
        userIdentity: { type: 'AssumedRole', arn: MIRA },
        ...detail,
      }),
    );
  const told = (more: object = {}) => ({
    kind: 'events',
    events: [
      {
        ...{ id: 'e-1', at: Date.parse(AT), cluster: 'prod', service: 'checkout' },
        ...{ kind: 'updated', desired: 9, principal: MIRA },
        ...more,
      },
    ],
  });
  const requestParameters = { cluster: 'prod', service: 'checkout', desiredCount: 9 };

  test.each([
    ['by names', requestParameters, {}],
    ['by ARNs', { ...requestParameters, cluster: 'arn:aws:ecs:eu-west-1:123456789012:cluster/prod', service: ARN }, {}],
    ['in the cluster that needs no name', { service: 'checkout', desiredCount: 9 }, { cluster: 'default' }],
  ])('%s', (_, parameters, more) => {
    expect(call({ requestParameters: parameters })).toEqual(told(more));
  });

  test.each([
    ['a service of AWS', { type: 'AWSService', invokedBy: 'ecs.application-autoscaling.amazonaws.com' }],
    ['nobody with a name', undefined],
  ])('%s', (_, userIdentity) => {
    const principal = userIdentity?.invokedBy ?? 'an unnamed principal';
    expect(call({ requestParameters, userIdentity })).toEqual(told({ principal }));
  });

  test.each([
    ['a call that ECS refused', { requestParameters, errorCode: 'AccessDenied' }],
    ['a deployment without a count', { requestParameters: { cluster: 'prod', service: 'checkout' } }],
    ['another call', { requestParameters, eventName: 'CreateService' }],
    ['another service of AWS', { requestParameters, eventSource: 'ec2.amazonaws.com' }],
    ['a call without its parameters', { requestParameters: null }],
  ])('%s says nothing', (_, detail) => {
    expect(call(detail)).toEqual({ kind: 'other' });
  });
});

describe('a number is pushed', () => {
  const pushed = (detail: object) => readEvents(event('schmitt.signal', detail));
  const given = { service: 'prod/checkout', name: 'load', value: 42.5, time: '2026-11-20T08:00:01.500Z' };
  const expected = { id: 'e-1', cluster: 'prod', service: 'checkout', kind: 'pushed', signal: 'load', value: 42.5 };

  test.each([
    ['with its time', given, '2026-11-20T08:00:01.500Z'],
    ['with its time in milliseconds', { ...given, time: Date.parse(AT) }, AT],
    ['without: the event’s', { ...given, time: undefined }, AT],
    ['to an ARN', { ...given, service: ARN }, given.time],
  ])('%s', (_, detail, at) => {
    expect(pushed(detail)).toEqual({ kind: 'events', events: [{ ...expected, at: Date.parse(at) }] });
  });

  test.each([
    [{ ...given, service: 'checkout' }, 'service is "checkout"; write cluster/service or its ARN'],
    [{ ...given, service: undefined }, 'service is undefined; write cluster/service'],
    [{ ...given, name: '' }, 'name is ""; write the signal'],
    [{ ...given, value: '42' }, 'value of load is "42"; write a finite number'],
    [{ ...given, value: null }, 'value of load is null'],
    [{ ...given, time: 'soon' }, 'time of load is "soon"; write it as'],
  ])('%j is refused in a sentence', (detail, words) => {
    expect(pushed(detail)).toMatchObject({ kind: 'refused', sentence: expect.stringContaining(words) });
  });
});

test.each([
  undefined,
  null,
  'text',
  [],
  {},
  { shard: '0', scheduledAt: AT },
  event('EC2 Instance State-change Notification', {}),
  event('ECS Service Action', { eventName: 'X' }, ['arn:aws:ecs:eu-west-1:123456789012:service/short']),
  event('CloudWatch Alarm State Change', { alarmName: 'x', configuration: { metrics: [null, {}, { metricStat: 1 }] } }),
  { ...event('schmitt.signal', {}), time: 'never' },
])('%j says nothing about a service', (given) => {
  expect(readEvents(given)).toEqual({ kind: 'other' });
});
