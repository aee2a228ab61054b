/** What other numbers of tasks make of each signal. The real service has 10 tasks throughout; the virtual one is set to 5 or 20. */
import { describe, expect, test } from '@jest/globals';
import type { Known } from '../../lib/counterfactual/counterfactual.ts';
import type { Reading } from '../../lib/policy/observation.ts';
import type { ServicePolicy, SignalSpec, Target } from '../../lib/policy/policy.ts';
import { cpu, perTask, rps } from '../support/policies.ts';
import { reading, serving, signal, watch } from './looks.ts';

interface Asked {
  readonly spec: SignalSpec;
  readonly value: number;
  readonly virtual: number;
  readonly tasks?: number;
  readonly others?: Readonly<Record<string, readonly [SignalSpec, number]>>;
  readonly targets?: readonly Target[];
  readonly known?: Known;
}

/** The signal of minute 10 as the virtual service would have made it, when it has had so many tasks since minute 3. */
function would({ spec, value, virtual, tasks, others = {}, targets = [], known }: Asked) {
  const rest = Object.entries(others);
  const signals: ServicePolicy['signals'] = { own: spec, ...Object.fromEntries(rest.map(([k, [one]]) => [k, one])) };
  const one = watch({ signals, targets }, known);
  one.look(0, serving(10));
  one.decide(0, virtual);
  one.look(3, serving(10));
  const readings: Record<string, Reading> = {
    own: tasks === undefined ? reading([10, value]) : reading([10, value, tasks]),
  };
  for (const [name, [, number]] of rest) readings[name] = reading([10, number]);
  const { observation, modelled } = one.look(12, serving(10), readings);
  return { point: observation.signals.own?.values[0]?.slice(1), reading: observation.signals.own, note: modelled.own };
}

const alb = (metric: string, stat = 'Sum') => signal({ kind: 'alb', metric }, { stat });
const sqs = signal({ kind: 'sqs', queue: 'jobs', attribute: 'visible' });

describe('shared by the tasks', () => {
  test('the same load on half of the tasks is twice the CPU, on twice the tasks half of it', () => {
    expect(would({ spec: cpu, value: 40, virtual: 5 }).point).toEqual([80, 5]);
    expect(would({ spec: cpu, value: 40, virtual: 20 }).point).toEqual([20, 20]);
  });

  test('the tasks of that very datapoint count where the source names them', () => {
    expect(would({ spec: cpu, value: 40, tasks: 8, virtual: 5 }).point).toEqual([64, 5]);
  });

  test('CPU ends at 100 %, as it would, unless the real tasks burst above it', () => {
    expect(would({ spec: cpu, value: 70, virtual: 5 }).point).toEqual([100, 5]);
    expect(would({ spec: cpu, value: 120, virtual: 5 }).point).toEqual([120, 5]);
  });

  test('saturated tasks leave demand that nobody measured, and that is said', () => {
    expect(would({ spec: cpu, value: 99, virtual: 20 }).note).toBe('a lower bound: the real tasks were saturated');
    expect(would({ spec: cpu, value: 80, virtual: 20 }).note).toBeUndefined();
  });

  test('idle CPU stays with each task', () => {
    expect(would({ spec: cpu, value: 40, virtual: 5, known: { idlePercent: 4 } }).point).toEqual([76, 5]);
  });

  test('memory is taken to follow the load, which is said', () => {
    const memory: SignalSpec = { ...cpu, source: { kind: 'ecs', metric: 'MemoryUtilization' } };
    expect(would({ spec: memory, value: 40, virtual: 20 })).toMatchObject({
      point: [20, 20],
      note: 'shared by the tasks like load',
    });
  });

  test('without a task there is no average', () => {
    expect(would({ spec: cpu, value: 40, virtual: 0 }).point).toBeUndefined();
  });

  test('hosts are counted', () => {
    expect(would({ spec: alb('HealthyHostCount', 'Average'), value: 10, virtual: 20 }).point).toEqual([20]);
  });
});

describe('the load itself', () => {
  test.each([
    ['requests', rps],
    ['answers', alb('HTTPCode_Target_2XX_Count')],
    ['a share of them', signal({ kind: 'share', part: { kind: 'alb', metric: 'HTTPCode_Target_4XX_Count' }, of: 'x' })],
  ])('%s are what they are', (_, spec) => {
    expect(would({ spec, value: 300, virtual: 20 })).toMatchObject({ point: [300], note: undefined });
  });

  test.each([
    ['errors', alb('HTTPCode_Target_5XX_Count')],
    ['a metric of somebody’s own', signal({ kind: 'cloudwatch', namespace: 'Shop', metric: 'Carts', dimensions: {} })],
    ['a query', signal({ kind: 'promql', query: 'up', from: 'amp' })],
  ])('%s: nobody can say, so the real number stands, and that is said', (_, spec) => {
    expect(would({ spec, value: 300, virtual: 20 })).toMatchObject({
      point: [300],
      note: 'as measured on the real service',
    });
  });
});

describe('latency', () => {
  const latency = alb('TargetResponseTime', 'p95');

  test('falls and rises with utilisation, as processor sharing has it', () => {
    // Alone 100 ms: 200 ms at 50 %, 400 ms at 75 %.
    const seen = would({ spec: latency, value: 400, virtual: 15, others: { cpu: [cpu, 75] } });
    expect(seen.point?.[0]).toBeCloseTo(200, 6);
    expect(seen.note).toBe('from utilisation');
  });

  test('without CPU it is unknown beside other tasks, with the cause', () => {
    const { reading: read } = would({ spec: latency, value: 400, virtual: 15 });
    expect(read).toMatchObject({
      status: 'partial',
      values: [],
      cause: 'with other tasks it cannot be told without the CPU of the same period',
    });
    expect(would({ spec: latency, value: 400, virtual: 10 }).reading?.status).toBe('complete');
  });
});

describe('queues', () => {
  test('that only rules look at are shared, so that a rule which was answered does not ask again', () => {
    expect(would({ spec: sqs, value: 500, virtual: 20 })).toMatchObject({
      point: [250],
      note: 'shared by the tasks like load',
    });
  });

  test('that a target counts per task stay as they are: the same count twice is the same count', () => {
    expect(would({ spec: sqs, value: 500, virtual: 20, targets: [perTask('own', 50)] }).point).toEqual([500]);
  });
});

describe('the virtual queue, where a backlog target says how long a message takes', () => {
  const backlog: Target = {
    kind: 'backlog',
    name: 'jobs',
    signal: 'own',
    finishWithinSeconds: 60,
    secondsPerMessage: 2,
    parallelPerTask: 4,
    tolerance: { out: 0.1, in: 0.1 },
  };
  const jobs = signal({ kind: 'sqs', queue: 'jobs', attribute: 'backlog' }, { publicationDelaySeconds: 0 });

  /** Ten real tasks, so many virtual ones from minute 1 on, and the real queue minute by minute. */
  function queues(virtual: number, real: readonly number[]) {
    const one = watch({ signals: { own: jobs }, targets: [backlog] });
    one.look(0, serving(10));
    one.decide(0, virtual);
    return real.map((messages, index) => {
      const minute = index + 1;
      const seen = one.look(minute, serving(10), { own: reading([minute - 1, messages]) });
      return seen.observation.signals.own?.values[0]?.[1];
    });
  }

  test('as many tasks leave the same queue', () => {
    expect(queues(10, [5000, 5000, 4000])).toEqual([5000, 5000, 4000]);
  });

  test('two tasks more work off two tasks’ worth more, down to nothing', () => {
    // A task works off 2 messages a second: 240 a minute for the two.
    expect(queues(12, [5000, 5000, 5000, 300])).toEqual([5000, 4760, 4520, 0]);
  });

  test('fewer leave more, and catch up when the real queue is empty again', () => {
    expect(queues(8, [5000, 5000, 5000, 0, 0])).toEqual([5240, 5480, 5720, 0, 0]);
  });

  test('a service that keeps up tells what arrives by what is in flight', () => {
    // 30 in flight at 2 s each: 15 a second, of which four tasks take 8.
    expect(queues(4, [30, 30])).toEqual([450, 870]);
  });
});
