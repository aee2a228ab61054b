import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TreatMissing } from '../../../lib/policy/application-auto-scaling.ts';
import {
  type AlarmState,
  alarmRange,
  alarmState,
  type Evidence,
  evidenceOf,
} from '../../../lib/sim/peers/aws/alarm.ts';
import { readSignal, SignalTail } from '../../../lib/sim/peers/aws/signal.ts';
import { at, metric } from './seen.ts';

/** Oldest first: X breaching, 0 fine, - missing. */
function range(drawn: string): Evidence[] {
  return drawn.split(' ').map((mark) => (mark === 'X' ? 'breaching' : mark === '0' ? 'fine' : 'missing'));
}

const BEFORE: AlarmState = 'OK';
type Row = [drawn: string, missing: string, ignore: string, breaching: string, notBreaching: string];
const WAYS: readonly TreatMissing[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

function statesOf(drawn: string, m: number, n: number): string[] {
  return WAYS.map((treatMissing) => {
    const [kept, other] = (['OK', 'INSUFFICIENT_DATA'] as const).map((before) =>
      alarmState(range(drawn), { m, n, treatMissing }, before),
    );
    // A state that follows the one before is kept, whatever it was.
    return kept === 'OK' && other === 'INSUFFICIENT_DATA' ? 'kept' : (kept ?? '');
  });
}

describe('Amazon CloudWatch user guide: alarms and missing data', () => {
  const threeOfThree: Row[] = [
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', 'kept', 'ALARM', 'OK'],
  ];
  test.each(threeOfThree)('3 of 3, %s', (drawn, ...states) => {
    expect(statesOf(drawn, 3, 3)).toEqual(states);
  });

  const twoOfThree: Row[] = [
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', 'kept', 'ALARM', 'OK'],
    // As many breaching ones as it takes: nothing that is missing matters.
    ['- - - X X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ];
  test.each(twoOfThree)('2 of 3, %s', (drawn, ...states) => {
    expect(statesOf(drawn, 2, 3)).toEqual(states);
  });

  test('a single breach that is younger than the datapoints to alarm is premature', () => {
    const rule = { m: 3, n: 3, treatMissing: 'missing' } as const;
    expect(alarmState(range('- - - X -'), rule, BEFORE)).toBe('OK');
    expect(alarmState(range('- X - - -'), rule, BEFORE)).toBe('ALARM');
  });
});

describe('the evaluation range', () => {
  test('with every datapoint there, only the newest n count', () => {
    const anything = fc.array(fc.constantFrom<Evidence>('breaching', 'fine'), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 3 }), fc.constantFrom(...WAYS), (evidence, m, treatMissing) => {
        const breaching = evidence.slice(-3).filter((one) => one === 'breaching').length;
        expect(alarmState(evidence, { m, n: 3, treatMissing }, BEFORE)).toBe(breaching >= m ? 'ALARM' : 'OK');
      }),
    );
  });

  test('a datapoint counts once it is published and the evaluation has had its time', () => {
    const timing = { periodSeconds: 60, evaluationDelaySeconds: 120 };
    // The period from 0 to 60 s is published at 110 s and counted from 230 s on.
    expect(alarmRange(at(229), 3, timing).to).toBe(at(-60));
    expect(alarmRange(at(230), 3, timing)).toEqual({ from: at(-240), to: at(0), periods: 5 });
  });

  test('a period without a datapoint is missing, not fine', () => {
    const points = readSignal([metric('CPUUtilization', [90, null, 50])], 'cpu', 60, at(0), at(180));
    const evidence = evidenceOf(points, { from: at(0), to: at(120), periods: 3 }, 60, (value) => value > 60);
    expect(evidence).toEqual(['breaching', 'missing', 'fine']);
  });
});

describe('signals', () => {
  test('a 20 s metric read in minutes keeps its average and the number of its tasks', () => {
    const fine = metric('CPUUtilization', [30, 60, 90], { periodSeconds: 20, count: 4 });
    const [minute, ...others] = readSignal([fine], 'cpu', 60, at(0), at(60));
    expect(others).toEqual([]);
    expect(minute?.value).toBeCloseTo(60);
    expect(minute?.total).toBeCloseTo(240);
  });

  test('requests per task are those of a minute divided by its healthy hosts; no hosts, no value', () => {
    const requests = metric('RequestCount', [600, 600, 600]);
    const hosts = metric('HealthyHostCount', [3, 0, null]);
    const [minute, ...others] = readSignal([requests, hosts], 'requestsPerTask', 60, at(0), at(180));
    // The load of the whole service, which a forecast is made of, stays as it was.
    expect([minute?.value, minute?.total, others.length]).toEqual([200, 600, 0]);
    // Several nodes of a load balancer report the same hosts in a minute: their average counts, not their sum.
    const nodes = metric('HealthyHostCount', [3], { count: 2 });
    expect(readSignal([requests, nodes], 'requestsPerTask', 60, at(0), at(60)).map(({ value }) => value)).toEqual([
      200,
    ]);
  });

  test('the backlog per task divides by the tasks that reported their CPU', () => {
    const visible = metric('ApproximateNumberOfMessagesVisible', [100, 100]);
    const cpu = metric('CPUUtilization', [50, null], { count: 4 });
    const values = readSignal([visible, cpu], 'backlogPerTask', 60, at(0), at(120)).map(({ value }) => value);
    expect(values).toEqual([25]);
  });

  test('a tail reads every datapoint once and forgets the old ones', () => {
    const asked: number[][] = [];
    const cpu = metric('CPUUtilization', [1, 2, 3, 4, 5]);
    const watched = {
      ...cpu,
      datapoints(from: number, to: number) {
        asked.push([from, to]);
        return cpu.datapoints(from, to);
      },
    };
    const tail = new SignalTail('cpu', 60);
    const values = (from: number, to: number) => tail.between([watched], at(from), at(to)).map(({ value }) => value);
    expect(values(0, 120)).toEqual([1, 2, 3]);
    expect(values(60, 180)).toEqual([2, 3, 4]);
    expect(values(60, 180)).toEqual([2, 3, 4]);
    expect(asked).toEqual([
      [at(0), at(180)],
      [at(180), at(240)],
    ]);
  });
});
