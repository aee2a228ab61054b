import { describe, expect, test } from '@jest/globals';
import { forecast, HOUR_MS, type HourlyLoad, LoadHistory } from '../../../lib/sim/peers/aws/forecast.ts';
import { createPredictive } from '../../../lib/sim/peers/aws/predictive.ts';
import type { Peer } from '../../../lib/sim/peers/peer.ts';
import type { PlantMetric } from '../../../lib/sim/types.ts';
import { at, metric, START, seen } from './seen.ts';

const DAY = 86_400;
const hour = (index: number) => START + index * HOUR_MS;
const history = (loads: readonly number[]): HourlyLoad[] => loads.map((load, i) => ({ hour: hour(i), load }));

describe('the forecast', () => {
  test('within the first week: the mean of the same hour of the day', () => {
    const days = [...new Array<number>(24).fill(100), ...new Array<number>(24).fill(300)];
    expect(forecast(history(days), hour(48), 3)).toEqual([200, 200, 200]);
  });

  test('after it: the mean of the same hour of the week', () => {
    const fortnight = Array.from({ length: 14 * 24 }, (_, i) => (Math.floor(i / 24) % 7 >= 5 ? 10 : 100 + i / 168));
    const [monday, saturday] = [14, 19].map((day) => forecast(history(fortnight), hour(day * 24), 1)[0]);
    expect(monday).toBeCloseTo(100.5);
    expect(saturday).toBe(10);
  });

  test('of an hour nobody has seen it says nothing', () => {
    expect(forecast(history([1, 2, 3]), hour(24), 4)).toEqual([1, 2, 3, undefined]);
  });

  test('what lies in the future of an hour does not count', () => {
    expect(forecast(history([1, 2, 3, 4]), hour(-24), 4)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('the history', () => {
  test('means of finished hours, and no more than it may keep', () => {
    const loads = new LoadHistory(2);
    for (let minute = 0; minute < 4 * 60; minute++)
      loads.add(at(minute * 60), Math.floor(minute / 60) * 10 + (minute % 2));
    expect(loads.hours()).toEqual([
      { hour: hour(1), load: 10.5 },
      { hour: hour(2), load: 20.5 },
    ]);
  });

  test('minutes without a datapoint are missing, not zero', () => {
    const loads = new LoadHistory(24);
    for (const minute of [0, 30, 60]) loads.add(at(minute * 60), 40 + minute);
    expect(loads.hours()).toEqual([{ hour: hour(0), load: 55 }]);
  });
});

/** A service of one task's load all day and of eight tasks' between 08:00 and 20:00, at a target of 60 %. */
const isDay = (seconds: number) => seconds % DAY >= 8 * 3600 && seconds % DAY < 20 * 3600;
const TASKS_BY_DAY = 8;

/** The service as it is before the forecast's day: always eight tasks, so that nothing else wants to scale. */
function cpuOf(days: number): PlantMetric {
  const values = Array.from({ length: days * 1440 }, (_, i) => (isDay(i * 60) ? 60 : 7.5));
  return metric('CPUUtilization', values, { count: TASKS_BY_DAY });
}

/** Every minute of some hours; changes of the count that starts as `before`. */
function play(peer: Peer, cpu: PlantMetric, from: number, to: number, before: number) {
  const changes: [clock: string, to: number][] = [];
  let desired = before;
  for (let seconds = from + 60; seconds <= to; seconds += 60) {
    const count = peer.decide(seen({ seconds, desired, metrics: [cpu] }));
    if (count === undefined) continue;
    changes.push([new Date(at(seconds)).toISOString().slice(8, 16), count]);
    desired = count;
  }
  return { changes, desired };
}

describe('AWS Application Auto Scaling user guide: predictive scaling', () => {
  test('it needs a day of history, then it is there five minutes before the hour', () => {
    const cpu = cpuOf(3);
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    expect(play(peer, cpu, 0, DAY, TASKS_BY_DAY).changes).toEqual([]);
    const second = play(peer, cpu, DAY, DAY + 12 * 3600, 1).changes;
    expect(second).toEqual([['06T07:55', 8]]);
  });

  test('the buffer can be set', () => {
    const peer = createPredictive({ target: 60, scaleInDisabled: true, schedulingBufferSeconds: 1800 });
    play(peer, cpuOf(3), 0, DAY, TASKS_BY_DAY);
    expect(play(peer, cpuOf(3), DAY, DAY + 12 * 3600, 1).changes).toEqual([['06T07:30', 8]]);
  });

  test('it never scales in: below the forecast target tracking goes down, and not below the forecast', () => {
    const quiet = metric('CPUUtilization', new Array<number>(3 * 1440).fill(7.5), { count: TASKS_BY_DAY });
    const peer = createPredictive({ target: 60 });
    play(peer, cpuOf(3), 0, DAY, TASKS_BY_DAY);
    const night = play(peer, quiet, DAY, DAY + 7 * 3600, 8);
    expect(night.desired).toBe(1);
    const morning = play(peer, quiet, DAY + 7 * 3600, DAY + 12 * 3600, 1);
    expect(morning.changes.map(([, to]) => to)).toEqual([8]);
  });

  test('23 hours are not enough, however well they would do', () => {
    const flat = metric('CPUUtilization', new Array<number>(2 * 1440).fill(60), { count: TASKS_BY_DAY });
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    const { changes } = play(peer, flat, 0, DAY + 3600, 1);
    // The 24th hour is over once the first minute after it is published.
    expect(changes).toEqual([['06T00:02', 8]]);
  });

  test('when the forecast falls, what target tracking wanted all the time happens at once', () => {
    const quiet = metric('CPUUtilization', new Array<number>(3 * 1440).fill(7.5), { count: TASKS_BY_DAY });
    const peer = createPredictive({ target: 60, cooldowns: { outSeconds: 300, inSeconds: 420 } });
    play(peer, cpuOf(3), 0, DAY, TASKS_BY_DAY);
    const evening = play(peer, quiet, DAY + 9 * 3600, DAY + 21 * 3600, 8).changes;
    expect(evening[0]).toEqual(['06T20:00', 1]);
  });

  test('the forecast is made anew: on the third day the second counts too', () => {
    const values = Array.from({ length: 3 * 1440 }, (_, i) => (i >= 1440 ? 30 : isDay(i * 60) ? 60 : 7.5));
    const cpu = metric('CPUUtilization', values, { count: TASKS_BY_DAY });
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    play(peer, cpu, 0, 2 * DAY, TASKS_BY_DAY);
    const { changes } = play(peer, cpu, 2 * DAY, 2 * DAY + 12 * 3600, 1);
    // By night the mean of one and four tasks, by day of eight and four.
    expect(changes).toEqual([
      ['07T00:01', 3],
      ['07T07:55', 6],
    ]);
  });
});

describe('AWS Application Auto Scaling user guide: how predictive scaling works', () => {
  const level = (values: readonly number[]) => metric('CPUUtilization', values, { count: TASKS_BY_DAY });
  const hours = (count: number, value: number) => new Array<number>(count * 60).fill(value);

  test('a fraction of a task is a task: 4.4 tasks of load are 5', () => {
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    const { changes } = play(peer, level(hours(48, 33)), 0, DAY + 3600, 1);
    expect(changes).toEqual([['06T00:02', 5]]);
  });

  test('a forecast reaches beyond the next one, so the hour at which a new one is made is prepared too', () => {
    const cpu = level([...hours(6, 7.5), ...hours(18, 60), ...hours(24, 7.5)]);
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    play(peer, cpu, 0, DAY, TASKS_BY_DAY);
    expect(play(peer, cpu, DAY, DAY + 7 * 3600, 1).changes).toEqual([['06T05:55', 8]]);
  });

  test('it is made anew every six hours: the last hour of the second day counts on the third', () => {
    const cpu = level([...hours(47, 7.5), ...hours(1, 60), ...hours(24, 7.5)]);
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    play(peer, cpu, 0, 2 * DAY, TASKS_BY_DAY);
    // One task on the first day and eight on the second: 4.5 of them, 5.
    expect(play(peer, cpu, 2 * DAY, 3 * DAY - 60, 1).changes).toEqual([['07T22:55', 5]]);
  });

  test('up to 14 days of history: of three weeks the first is forgotten', () => {
    const week = 7 * 24;
    const cpu = level([...hours(week, 60), ...hours(week, 15), ...hours(week, 30), ...hours(1, 30)]);
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    for (let hour = 1; hour <= 3 * week; hour++) {
      peer.decide(seen({ seconds: hour * 3600, desired: 20, metrics: [cpu] }));
    }
    // The weeks asked for 8, 2 and 4 tasks.
    expect(play(peer, cpu, 3 * week * 3600, 3 * week * 3600 + 360, 1).changes.at(-1)?.[1]).toBe(3);
  });

  test('every minute published since the decision before counts, however rarely it decides', () => {
    const halves = [...new Array<number>(30).fill(30), ...new Array<number>(30).fill(90)];
    const cpu = level(Array.from({ length: 26 * 60 }, (_, i) => halves[i % 60] ?? 0));
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    for (let hour = 1; hour <= 24; hour++) peer.decide(seen({ seconds: hour * 3600, desired: 20, metrics: [cpu] }));
    expect(peer.decide(seen({ seconds: DAY + 1800, desired: 1, metrics: [cpu] }))).toBe(8);
  });

  test('of an hour it knows nothing of it asks for nothing', () => {
    const known = [...hours(5, 60), ...new Array<null>(60).fill(null), ...hours(19, 60)];
    const cpu = metric('CPUUtilization', [...known, ...hours(7, 60)], { count: TASKS_BY_DAY });
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    play(peer, cpu, 0, DAY + 4 * 3600, TASKS_BY_DAY);
    const silence = DAY + 5 * 3600 + 600;
    expect(peer.decide(seen({ seconds: silence, desired: 1, metrics: [cpu] }))).toBeUndefined();
    expect(peer.decide(seen({ seconds: silence + 3600, desired: 1, metrics: [cpu] }))).toBe(8);
  });

  test('HonorMaxCapacity: it asks for no more than the maximum', () => {
    const cpu = cpuOf(2);
    const peer = createPredictive({ target: 60, scaleInDisabled: true });
    play(peer, cpu, 0, DAY, TASKS_BY_DAY);
    const noon = seen({ seconds: DAY + 12 * 3600, desired: 1, max: 5, metrics: [cpu] });
    expect(peer.decide(noon)).toBe(5);
  });

  test('where target tracking wants out too, the larger of the two counts', () => {
    const cpu = level([...hours(24, 60), ...hours(1, 7.5), ...hours(23, 90)]);
    const peer = createPredictive({ target: 60 });
    play(peer, cpu, 0, DAY, TASKS_BY_DAY);
    const answers = [2, 12].map((desired) =>
      peer.decide(seen({ seconds: DAY + 4000 + 380 * desired, desired, metrics: [cpu] })),
    );
    // Half as much again is 3 of 2 tasks, and 18 of 12; the forecast says 8.
    expect(answers).toEqual([8, 18]);
  });
});
