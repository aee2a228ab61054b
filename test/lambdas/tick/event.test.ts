import { describe, expect, test } from '@jest/globals';
import { requestFrom } from '../../../lambdas/tick/event.ts';
import { invocation } from './invocation.ts';

describe('the event', () => {
  test('says the shard and when the schedule meant it', () => {
    const request = requestFrom({ shard: '0', scheduledAt: '2026-11-20T08:00:00Z' }, invocation(), 1000);
    expect(request).toMatchObject({ shard: '0', scheduledAt: Date.UTC(2026, 10, 20, 8) });
  });

  test('from a person may leave the time out', () => {
    expect(requestFrom({ shard: '0' }, invocation(), 1000)).not.toHaveProperty('scheduledAt');
  });

  test.each([
    [{}, 'shard'],
    [{ shard: '' }, 'shard'],
    [{ shard: 0 }, 'shard'],
    [{ shard: '0', scheduledAt: '<aws.scheduler.scheduled-time>' }, 'scheduledAt'],
    [null, 'event'],
  ])('%j is refused in one sentence that names the field', (event, field) => {
    expect(() => requestFrom(event, invocation(), 1000)).toThrow(
      `Event ${JSON.stringify(event)}, field ${field}: send { "shard": "0", "scheduledAt": "2026-11-20T08:00:00Z" }.`,
    );
  });
});

describe('the invocation', () => {
  test('says whose services these are', () => {
    const china = 'arn:aws-cn:lambda:cn-north-1:111122223333:function:Schmitt-Tick:live';
    expect(requestFrom({ shard: '0' }, invocation({ invokedFunctionArn: china }), 1000).account).toEqual({
      partition: 'aws-cn',
      region: 'cn-north-1',
      accountId: '111122223333',
    });
  });

  test('leaves the last second for the way out', () => {
    const left = (ms: number) =>
      requestFrom({ shard: '0' }, invocation({ getRemainingTimeInMillis: () => ms }), 1000).remainingMs();
    expect([30_000, 1_500, 400].map(left)).toEqual([29_000, 500, 0]);
  });

  test('delivered twice is two owners, for both may run at once', () => {
    const [first, second] = [1, 2].map(() => requestFrom({ shard: '0' }, invocation(), 1000).owner);
    expect(first).toMatch(/^request-1\//);
    expect(second).not.toBe(first);
  });
});
