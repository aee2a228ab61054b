import { describe, expect, jest, test } from '@jest/globals';
import { createHandler, type HandlerOptions, type TickHandler } from '../../../lambdas/tick/handler.ts';
import { newMeter } from '../../../lib/aws/signals/meter.ts';
import { manualClock } from '../../../lib/loop/manual-clock.ts';
import { memoryLedger } from '../../../lib/loop/memory-ledger.ts';
import { memoryOverrides } from '../../../lib/loop/memory-overrides.ts';
import { memoryPolicies } from '../../../lib/loop/memory-policies.ts';
import { memoryServices } from '../../../lib/loop/memory-services.ts';
import { memorySignals } from '../../../lib/loop/memory-signals.ts';
import { memoryStore } from '../../../lib/loop/memory-store.ts';
import type { Ports, Signals } from '../../../lib/loop/ports.ts';
import type { PolicySet } from '../../../lib/policy/policy.ts';
import { checkoutPolicies } from '../../support/policy-texts.ts';
import { invocation, printed } from './invocation.ts';

const NOW = Date.UTC(2026, 10, 20, 8, 1, 2);
const EVENT = { shard: '0', scheduledAt: '2026-11-20T08:01:00Z' };
const CHECKOUT = { cluster: 'prod', service: 'checkout' };

const policies = checkoutPolicies(`
scaleOut: [{ name: busy, when: 'cpu > 70', add: 2, trueFor: 1 of 1 }]
scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1, trueFor: 10 of 10 }]`);

/** A service of four tasks whose CPU stands at the given percent. */
function world(cpu: number, replaced: Partial<Ports> = {}, options: Partial<HandlerOptions> = {}) {
  const services = memoryServices();
  services.put(CHECKOUT, { desired: 4, running: 4 });
  const signals = memorySignals();
  signals.give(CHECKOUT, 'cpu', () => [cpu, 4]);
  const ledger = memoryLedger();
  const ports: Ports = {
    clock: manualClock(NOW),
    policies: memoryPolicies(policies),
    overrides: memoryOverrides(),
    signals,
    services,
    store: memoryStore(),
    ledger,
    ...replaced,
  };
  const handler: TickHandler = createHandler(ports, { abortLeadMs: 1000, ...options });
  return { handler, ports, services, ledger };
}

/** Signals that never answer until they are told to stop. */
const silence: Signals = {
  read: (_queries, _now, abort) =>
    new Promise((_resolve, reject) => {
      abort.addEventListener('abort', () => reject(abort.reason));
    }),
};

const output = printed();

describe('an invocation', () => {
  test('decides the services of the shard and changes what must be changed', async () => {
    const { handler, services, ledger } = world(90);
    const report = await handler(EVENT, invocation());
    expect(report).toMatchObject({
      kind: 'ticked',
      lateSeconds: 2,
      entries: [{ ...CHECKOUT, outcome: 'changed', decision: { action: 'out', from: 4, to: 6 } }],
    });
    expect(services.sent).toEqual([{ ...CHECKOUT, desiredCount: 6 }]);
    expect(ledger.entries).toHaveLength(1);
  });

  test('finds the shard busy: a value and a success', async () => {
    const { handler, ports, services } = world(90);
    await ports.store.acquire('0', 'somebody else', NOW, new AbortController().signal);
    await expect(handler(EVENT, invocation())).resolves.toMatchObject({ kind: 'busy', owner: 'somebody else' });
    expect(services.sent).toEqual([]);
  });

  test('delivered twice at the same time ticks once', async () => {
    const { handler, services } = world(90);
    const reports = await Promise.all([handler(EVENT, invocation()), handler(EVENT, invocation())]);
    expect(reports.map(({ kind }) => kind).sort()).toEqual(['busy', 'ticked']);
    expect(services.sent).toHaveLength(1);
  });

  test('with an event it cannot read is an error', async () => {
    const { handler } = world(90);
    await expect(handler({}, invocation())).rejects.toThrow('field shard: send { "shard": "0"');
  });

  test('that meets a fault is an error: Lambda counts it', async () => {
    const denied = new Error('AccessDeniedException: not authorized to perform dynamodb:UpdateItem');
    const store = { ...memoryStore(), acquire: () => Promise.reject(denied) };
    await expect(world(90, { store }).handler(EVENT, invocation())).rejects.toThrow(denied);
  });
});

/** As EventBridge sends it. */
function happened(type: string, detail: object, service = 'prod/checkout'): object {
  return {
    ...{ version: '0', id: 'e-1', source: 'any', account: '123456789012', region: 'eu-west-1' },
    ...{ time: '2026-11-20T08:01:01Z', 'detail-type': type, detail },
    resources: [`arn:aws:ecs:eu-west-1:123456789012:service/${service}`],
  };
}
const PLACEMENT = { eventName: 'SERVICE_TASK_PLACEMENT_FAILURE' };

describe('an event', () => {
  test('has its service decided at once', async () => {
    const { handler, services } = world(90);
    const report = await handler(happened('ECS Service Action', PLACEMENT), invocation());
    expect(report).toMatchObject({ kind: 'ticked', entries: [{ ...CHECKOUT, outcome: 'changed' }] });
    expect(report).not.toHaveProperty('lateSeconds');
    expect(services.sent).toHaveLength(1);
  });

  test('of a service that no policy names is nothing to do', async () => {
    const { handler, services } = world(90);
    const report = await handler(happened('ECS Service Action', PLACEMENT, 'prod/other'), invocation());
    expect(report).toMatchObject({ kind: 'ticked', entries: [] });
    expect(services.sent).toEqual([]);
  });

  test('that cannot be read is told and is no fault, so that it is not sent again', async () => {
    const { handler } = world(90);
    await handler(happened('schmitt.signal', { service: 'prod/checkout', name: 'load' }), invocation());
    expect(output.logs()).toMatchObject([{ level: 'WARN', message: expect.stringContaining('write a finite number') }]);
  });
});

describe('a cadence below a minute', () => {
  const dropped = () =>
    output.metrics().flatMap(({ TicksDropped }) => (TicksDropped === undefined ? [] : [TicksDropped]));
  const quick: PolicySet = {
    ...policies,
    services: policies.services.map((policy) => ({ ...policy, cadenceSeconds: 20 })),
  };

  test("has the first tick of a minute send the minute's others", async () => {
    const sent: unknown[] = [];
    const sendOthers: HandlerOptions['sendOthers'] = async (shard, scheduledAt, ticks) => {
      sent.push(shard, new Date(scheduledAt).toISOString(), ...ticks.map(({ delaySeconds }) => delaySeconds));
      return { sent: 1, lost: ['Throttled: slow down'] };
    };
    await world(50, { policies: memoryPolicies(quick) }, { sendOthers }).handler(EVENT, invocation());
    expect(sent).toEqual(['0', '2026-11-20T08:01:00.000Z', 20, 40]);
    expect(output.logs().at(-1)).toMatchObject({
      level: 'WARN',
      message: 'A tick within the minute was not sent: Throttled: slow down',
    });
    expect(dropped()).toEqual([1]);
  });

  test('drops a tick that the queue brings too late, and counts it; the next one comes all the same', async () => {
    const { handler, services, ports } = world(90, { policies: memoryPolicies(quick) });
    const dueAt = new Date(ports.clock.now() - 20_000).toISOString();
    const letter = { shard: '0', scheduledAt: dueAt, dueAt, cadenceSeconds: 20 };
    const brought = (message: object) => ({ Records: [{ messageId: 'm-1', body: JSON.stringify(message) }] });
    expect(await handler(brought(letter), invocation())).toMatchObject({ kind: 'ticked', entries: [] });
    expect(services.sent).toEqual([]);
    expect(dropped()).toEqual([1]);
    const next = { ...letter, dueAt: new Date(ports.clock.now()).toISOString() };
    expect(await handler(brought(next), invocation())).toMatchObject({ entries: [{ outcome: 'changed' }] });
    expect(dropped()).toEqual([1]);
  });

  test('without a queue is said, and the minute is served all the same', async () => {
    const report = await world(50, { policies: memoryPolicies(quick) }).handler(EVENT, invocation());
    expect(report).toMatchObject({ entries: [{ ...CHECKOUT }] });
    expect(output.logs().at(-1)).toMatchObject({ level: 'WARN', message: expect.stringContaining('deploy it again') });
  });
});

describe('what alarms look at', () => {
  const line = () => output.metrics().find((one) => 'PoliciesRejected' in one);

  test('says what is wrong with the policies, and what reading cost', async () => {
    const meter = newMeter();
    const signals: Signals = {
      async read(queries, now, abort) {
        meter.metricsRequested += 20_000;
        meter.samplesScanned += 1_000_000;
        return memorySignals().read(queries, now, abort);
      },
    };
    const policyTrouble = () => ({ kind: 'rejected', cause: 'its format v is 9' }) as const;
    await world(50, { signals }, { meter, policyTrouble }).handler(EVENT, invocation());
    expect(line()).toMatchObject({ PoliciesRejected: 1, OverridesActive: 0, BreakerOpen: 0, UpdatesRefused: 0 });
    expect(line()?.ReadCost).toBeCloseTo(0.21);
    expect(output.logs()).toContainEqual(
      expect.objectContaining({ level: 'WARN', message: 'Policies are rejected: its format v is 9' }),
    );
  });

  test('counts overrides in force and refusals', async () => {
    const { handler, ports, services } = world(90);
    (ports.overrides as ReturnType<typeof memoryOverrides>).put({
      ...{ id: 'o1', scope: '*', owner: 'mira', reason: 'a sale', expiresAt: NOW + 60_000 },
      set: { kind: 'floor', tasks: 2 },
    });
    services.answerNext(CHECKOUT, { kind: 'refused', error: 'AccessDeniedException', message: 'no' });
    await handler(EVENT, invocation());
    expect(line()).toMatchObject({ PoliciesRejected: 0, OverridesActive: 1, UpdatesRefused: 1 });
  });
});

describe('near the time limit', () => {
  test('a read that does not end is stopped before Lambda stops us, and the lease is given back', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    try {
      const { handler, ports, services } = world(90, { signals: silence });
      let fault: unknown;
      const ended = handler(EVENT, invocation({ getRemainingTimeInMillis: () => 30_000 })).catch((error: unknown) => {
        fault = error;
      });
      await jest.advanceTimersByTimeAsync(28_999);
      expect(fault).toBeUndefined();
      await jest.advanceTimersByTimeAsync(1);
      await ended;

      expect(fault).toEqual(new Error('The tick was stopped 1000 ms before the time limit of the function.'));
      expect(services.sent).toEqual([]);
      await expect(ports.store.acquire('0', 'next', NOW, new AbortController().signal)).resolves.toMatchObject({
        kind: 'held',
      });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('what is printed', () => {
  test('for a change: its sentence with its context, and the metrics', async () => {
    process.env._X_AMZN_TRACE_ID = 'Root=1-691ecd00-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=1';
    await world(90).handler(EVENT, invocation());
    delete process.env._X_AMZN_TRACE_ID;

    expect(output.logs()).toMatchObject([
      {
        level: 'INFO',
        service: 'schmitt',
        function_request_id: 'request-1',
        xray_trace_id: '1-691ecd00-0123456789abcdef01234567',
        shard: '0',
        ecsService: 'prod/checkout',
        action: 'out',
        outcome: 'changed',
        message: expect.stringContaining('4'),
      },
    ]);
    expect(output.metrics()).toMatchObject([
      { DecisionsTotal: 1, action: 'out', outcome: 'changed' },
      {
        shard: '0',
        policyVersion: policies.version,
        TickAge: 2,
        TickBusy: 0,
        SignalsRead: 1,
        SignalsFailed: 0,
        TickDuration: 0,
      },
    ]);
  });

  test('for a fault: one error with its cause and context, and how long it took', async () => {
    const denied = new Error('DynamoDB UpdateItem failed', { cause: new Error('AccessDeniedException') });
    const store = { ...memoryStore(), acquire: () => Promise.reject(denied) };
    await expect(world(90, { store }).handler(EVENT, invocation())).rejects.toBe(denied);

    expect(output.logs()).toMatchObject([
      {
        level: 'ERROR',
        shard: '0',
        function_request_id: 'request-1',
        error: { message: 'DynamoDB UpdateItem failed', cause: { message: 'AccessDeniedException' } },
      },
    ]);
    expect(output.metrics()).toMatchObject([{ shard: '0', TickDuration: 0 }]);
  });

  test('never carries a service in a dimension, nor one shard into the next invocation', async () => {
    const { handler } = world(90);
    await handler(EVENT, invocation());
    await expect(handler({}, invocation())).rejects.toThrow('field shard');

    const dimensions = output.metrics().flatMap((line) => {
      const { CloudWatchMetrics } = line._aws as { CloudWatchMetrics: [{ Dimensions: string[][] }] };
      return CloudWatchMetrics[0].Dimensions.flat();
    });
    expect([...new Set(dimensions)].sort()).toEqual(['action', 'outcome', 'service']);
    expect(output.logs().at(-1)).toMatchObject({ level: 'ERROR' });
    expect(output.logs().at(-1)).not.toHaveProperty('shard');
  });
});
