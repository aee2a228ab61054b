/** The one call that changes something. */

import { ECSClient } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { setDesiredCount } from '../../lib/aws/set-desired-count.ts';
import { UPDATE_TIME_LIMIT_MS } from '../../lib/loop/ports.ts';
import { given } from '../contracts/services.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';
import { withEcs } from './ecs.ts';
import { failure, type WireAnswer } from './wire.ts';

const CHECKOUT = given('checkout');
const live = (): AbortSignal => new AbortController().signal;
const FAKED = { now: Date.now(), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date'] } as const;

describe('setDesiredCount', () => {
  afterEach(() => void jest.useRealTimers());

  test('sends cluster, service and desiredCount, and nothing else', () =>
    withEcs([CHECKOUT], async ({ services, wire }) => {
      await services.setDesiredCount(CHECKOUT, 9, live());
      expect(wire.requests.map(({ operation, text }) => [operation, JSON.parse(text)])).toEqual([
        ['UpdateService', { cluster: 'prod', service: 'checkout', desiredCount: 9 }],
      ]);
    }));

  const answers: readonly (readonly [string, WireAnswer, object])[] = [
    ['throttled', failure('ThrottlingException', 'Rate exceeded'), { kind: 'retryable', unknown: false }],
    ['throttled by 429', failure('SlowDownPlease', 'no', 429), { kind: 'retryable', unknown: false }],
    ['expired credentials', failure('ExpiredTokenException', 'old'), { kind: 'retryable', unknown: false }],
    [
      'denied',
      failure('AccessDeniedException', 'no'),
      { kind: 'refused', error: 'AccessDeniedException', message: 'no' },
    ],
    ['a client error', failure('ClientException', 'no'), { kind: 'refused', error: 'ClientException' }],
    ['an unsupported feature', failure('UnsupportedFeatureException', 'no'), { kind: 'refused' }],
    [
      'a fault',
      failure('ServerException', 'down', 500),
      { kind: 'retryable', error: 'ServerException', unknown: true },
    ],
    ['a gateway', 'html', { kind: 'retryable', unknown: true }],
    ['a torn connection', 'breakOff', { kind: 'retryable', unknown: true }],
    ['an answer with another count', { body: { service: { desiredCount: 3 } } }, { kind: 'retryable', unknown: true }],
    ['an answer without a service', { body: {} }, { kind: 'retryable', error: 'UnexpectedAnswer', unknown: true }],
  ];
  test.each(answers)('%s, also with more attempts allowed for reads: one request', (_, answer, outcome) =>
    withEcs(
      [CHECKOUT],
      async ({ services, wire, interfere }) => {
        interfere(() => answer);
        expect(await services.setDesiredCount(CHECKOUT, 9, live())).toMatchObject(outcome);
        expect(wire.requests).toHaveLength(1);
      },
      { attempts: 3 },
    ),
  );

  test.each(['silence', 'half'] as const)('ends at its time limit with %s, and does not know', (answer) =>
    withEcs([CHECKOUT], async ({ services, wire, interfere }) => {
      jest.useFakeTimers({ ...FAKED, doNotFake: [...FAKED.doNotFake] });
      const heard = Promise.withResolvers<void>();
      interfere(() => {
        heard.resolve();
        return answer;
      });
      const change = services.setDesiredCount(CHECKOUT, 9, live());
      await heard.promise;
      jest.advanceTimersByTime(UPDATE_TIME_LIMIT_MS);
      expect(await change).toMatchObject({ kind: 'retryable', error: 'TimeoutError', unknown: true });
      await wire.givenUp;
    }),
  );

  test('ends when its signal fires, and does not know', () =>
    withEcs([CHECKOUT], async ({ services, wire, interfere }) => {
      const abort = new AbortController();
      interfere(() => {
        abort.abort();
        return 'silence';
      });
      const outcome = await services.setDesiredCount(CHECKOUT, 9, abort.signal);
      expect(outcome).toMatchObject({ kind: 'retryable', error: 'AbortError', unknown: true });
      await wire.givenUp;
    }));

  test('without credentials sends nothing, and knows it', () =>
    withEcs([CHECKOUT], async ({ wire }) => {
      const credentials = () =>
        Promise.reject(Object.assign(new Error('none found'), { name: 'CredentialsProviderError' }));
      const client = new ECSClient({ region: REGION, endpoint: wire.endpoint, credentials, maxAttempts: 1 });
      expect(await setDesiredCount(client, CHECKOUT, 9, live())).toMatchObject({
        kind: 'retryable',
        error: 'CredentialsProviderError',
        unknown: false,
      });
      expect(wire.requests).toHaveLength(0);
    }));

  test('sends nothing after its time limit, also when the credentials come then', () =>
    withEcs([CHECKOUT], async ({ wire }) => {
      jest.useFakeTimers({ ...FAKED, doNotFake: [...FAKED.doNotFake] });
      const { promise: credentials, resolve } = Promise.withResolvers<typeof CREDENTIALS>();
      const asked = Promise.withResolvers<void>();
      const late = () => {
        asked.resolve();
        return credentials;
      };
      const client = new ECSClient({ region: REGION, endpoint: wire.endpoint, credentials: late, maxAttempts: 1 });
      const change = setDesiredCount(client, CHECKOUT, 9, live());
      await asked.promise;
      jest.advanceTimersByTime(UPDATE_TIME_LIMIT_MS);
      expect(await change).toMatchObject({ kind: 'retryable', error: 'TimeoutError' });
      resolve(CREDENTIALS);
      for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
      expect(wire.requests).toHaveLength(0);
    }));
});
