import { describe, expect, test } from '@jest/globals';
import { askedBy } from '../../../lambdas/tick/event.ts';
import { invokedAs } from '../../../lambdas/tick/invocation.ts';
import { invocation } from './invocation.ts';

const T0 = Date.UTC(2026, 10, 20, 8);
const AT = '2026-11-20T08:00:00Z';
const asked = (event: unknown, shards = 1, now = T0 + 2_000) => askedBy(event, shards, now);

describe('the schedule', () => {
  test('says the shard and when it meant the tick, which is the first of its minute', () => {
    expect(asked({ shard: '0', scheduledAt: AT })).toEqual({
      ...{ kind: 'tick', shard: '0', scheduledAt: T0, dueAt: T0 },
      firstOfMinute: true,
    });
  });

  test('a person may leave the time out: every service is due then', () => {
    expect(asked({ shard: '0' })).toEqual({ kind: 'tick', shard: '0', firstOfMinute: false });
  });

  test('that does not fill its time in costs the lateness, and no tick', () => {
    const unfilled = { shard: '0', scheduledAt: '<aws.scheduler.scheduled-time>' };
    expect(asked(unfilled)).toEqual({ kind: 'tick', shard: '0', firstOfMinute: false });
  });

  test.each([
    [{}, 'shard'],
    [{ shard: '' }, 'shard'],
    [{ shard: 0 }, 'shard'],
    [{ shard: '0', scheduledAt: 'now' }, 'scheduledAt'],
    [{ shard: '0', scheduledAt: '2026-13-20T08:00:00Z' }, 'scheduledAt'],
    [null, 'event'],
  ])('%j is refused in one sentence that names the field', (event, field) => {
    expect(() => asked(event)).toThrow(
      `Event ${JSON.stringify(event)}, field ${field}: send { "shard": "0", "scheduledAt": "2026-11-20T08:00:00Z" }.`,
    );
  });

  test.each(['2', 'blue', '-1'])('shard %j of two is refused', (shard) => {
    expect(() => asked({ shard }, 2)).toThrow('field shard: there are 2, called "0" to "1".');
  });
});

describe('the queue', () => {
  const held = { shard: '1', scheduledAt: AT, dueAt: '2026-11-20T08:00:20Z', cadenceSeconds: 20 };
  const letter = (message: unknown) => ({ Records: [{ messageId: 'm-1', body: JSON.stringify(message) }] });

  test("brings one of the minute's other ticks", () => {
    expect(asked(letter(held), 2, T0 + 21_000)).toEqual({
      ...{ kind: 'tick', shard: '1', scheduledAt: T0, dueAt: T0 + 20_000 },
      firstOfMinute: false,
    });
  });

  test('brings it too late: the next one is due by then', () => {
    expect(asked(letter(held), 2, T0 + 40_000)).toMatchObject({ kind: 'nothing', refused: false, dropped: true });
  });

  test('brings what is no tick', () => {
    expect(() => asked(letter({ shard: '1' }), 2)).toThrow('field scheduledAt');
    expect(() => asked({ Records: [{ body: 'hello' }] })).toThrow('Event "hello", field event');
  });
});

describe('a rule of EventBridge', () => {
  const envelope = (type: string, detail: object, resources: string[] = []) => ({
    ...{ version: '0', id: 'e-1', source: 'any', account: '123456789012', region: 'eu-west-1', time: AT },
    ...{ 'detail-type': type, resources, detail },
  });

  test('brings what happened to a service', () => {
    const arn = 'arn:aws:ecs:eu-west-1:123456789012:service/prod/checkout';
    const placement = { eventName: 'SERVICE_TASK_PLACEMENT_FAILURE' };
    expect(asked(envelope('ECS Service Action', placement, [arn]))).toMatchObject({
      kind: 'events',
      events: [{ cluster: 'prod', service: 'checkout', why: 'SERVICE_TASK_PLACEMENT_FAILURE' }],
    });
  });

  test('brings a number that cannot be read: a sentence, and no fault that would be retried', () => {
    const number = envelope('schmitt.signal', { service: 'prod/checkout', name: 'load', value: 'high' });
    expect(asked(number)).toEqual({
      kind: 'nothing',
      why: 'Event e-1, schmitt.signal: value of load is "high"; write a finite number.',
      refused: true,
    });
  });

  test('brings what concerns no service', () => {
    expect(asked(envelope('Scheduled Event', {}))).toMatchObject({ kind: 'nothing', refused: false });
  });
});

describe('the invocation', () => {
  test('says whose services these are', () => {
    const china = 'arn:aws-cn:lambda:cn-north-1:111122223333:function:Schmitt-Tick:live';
    expect(invokedAs(invocation({ invokedFunctionArn: china }), 1000).account).toEqual({
      partition: 'aws-cn',
      region: 'cn-north-1',
      accountId: '111122223333',
    });
    expect(() => invokedAs(invocation({ invokedFunctionArn: 'tick' }), 1000)).toThrow('Function ARN "tick"');
  });

  test('leaves the last second for the way out', () => {
    const left = (ms: number) => invokedAs(invocation({ getRemainingTimeInMillis: () => ms }), 1000).remainingMs();
    expect([30_000, 1_500, 400].map(left)).toEqual([29_000, 500, 0]);
  });

  test('delivered twice is two owners, for both may run at once', () => {
    const [first, second] = [1, 2].map(() => invokedAs(invocation(), 1000).owner);
    expect(first).toMatch(/^request-1\//);
    expect(second).not.toBe(first);
  });
});
