/** Histories that other kinds of scaling made, and what the model of each comes to. */
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type {
  ServiceScaling,
  ServiceScheduledAction,
  StepAlarm,
} from '../../../lib/policy/application-auto-scaling.ts';
import { fidelityOf, LEAST_FIDELITY } from '../../../lib/sim/backtest/fidelity.ts';
import type { History } from '../../../lib/sim/backtest/history.ts';
import { modelMind } from '../../../lib/sim/backtest/model-mind.ts';
import { MODEL_SIGNALS, modelHistory, modelPolicy } from '../../../lib/sim/backtest/model-signals.ts';
import { replay } from '../../../lib/sim/backtest/replay.ts';
import { scaledBy } from '../../../lib/sim/backtest/scaled-by.ts';
import { boundsOver, isUnreadable, timetableOf } from '../../../lib/sim/backtest/scheduled.ts';
import { diurnal, generate, noise, product } from '../../../lib/sim/generate.ts';
import { createStepScaling, documentedSteps } from '../../../lib/sim/peers/aws/step-scaling.ts';
import { createTargetTracking, TargetTracking } from '../../../lib/sim/peers/aws/target-tracking.ts';
import { clamp, type Peer } from '../../../lib/sim/peers/peer.ts';
import { CAPACITY, recorded, type Scaled, scaledPlant, TARGET, TRACKED } from './recorded.ts';

jest.setTimeout(60_000);
const START = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const NAME = { cluster: 'prod', service: 'checkout' };
const SIGNALS = { [MODEL_SIGNALS.cpu]: 'CPUUtilization', [MODEL_SIGNALS.requests]: 'RequestCount' };
const LOAD = generate(
  product(diurnal({ low: 200, high: 1500, peakHour: 15 }), noise({ seed: 5, sigma: 0.08, everySeconds: 300 })),
  { name: 'days', hours: 40, startsAt: START },
);
const [TRACKING] = TRACKED.policies;
if (TRACKING?.kind !== 'targetTracking') throw new Error('the recorded service is tracked');

const STEPS = documentedSteps(TARGET, 10);
const alarm = (more: Partial<StepAlarm>): StepAlarm => ({
  ...{ name: 'busy', metric: 'AWS/ECS CPUUtilization', dimensions: {}, statistic: 'Average', periodSeconds: 60 },
  ...{ comparison: 'GreaterThanOrEqualToThreshold', threshold: 70, m: 3, n: 3, treatMissing: 'missing' },
  ...more,
});
const calmAlarm = alarm({ name: 'calm', comparison: 'LessThanOrEqualToThreshold', threshold: 50, m: 15, n: 15 });
const stepped = (out: StepAlarm, into: StepAlarm): ServiceScaling => ({
  capacity: CAPACITY,
  policies: [
    { kind: 'stepScaling', name: 'out', adjustment: STEPS.out.adjustment, alarms: [out] },
    { kind: 'stepScaling', name: 'in', adjustment: STEPS.in.adjustment, alarms: [into] },
  ],
});

/** Of the model that is told so, beside a service that was really scaled so. */
function fidelity(scaling: ServiceScaling, scaled: Scaled) {
  return fidelityBeside(recorded(scaledPlant(LOAD, scaled), LOAD, SIGNALS), scaling);
}

function fidelityBeside(history: History, scaling: ServiceScaling) {
  const by = scaledBy(NAME, scaling);
  if (by.kind === 'unmodelled') throw new Error(by.why);
  const model = replay(modelHistory(history, by), modelPolicy(history, by), modelMind(history, by));
  return { ...fidelityOf(history, model), words: by.words };
}

/** Target tracking, and beside it somebody who wants at least so many tasks at a moment. */
function trackedAbove(floorAt: (now: number) => number): Peer {
  const tracking = new TargetTracking({ target: TARGET });
  return {
    ...{ name: 'tracked above a floor', everySeconds: 60 },
    decide(seen) {
      const floor = clamp(floorAt(seen.now), seen.capacity);
      const wanted = Math.max(tracking.decide(seen, floor) ?? seen.service.desired, floor);
      return wanted === seen.service.desired ? undefined : wanted;
    },
  };
}

describe('step scaling', () => {
  const peer = () => createStepScaling(STEPS);

  test('is replayed from its alarms and steps', () => {
    const { score, words } = fidelity(stepped(alarm({}), calmAlarm), { peer: peer() });
    expect(score).toBeGreaterThan(0.85);
    expect(words).toBe('step scaling at CPU ≥ 70 and step scaling at CPU ≤ 50');
  });

  test('with other thresholds than were in force comes to other counts', () => {
    const early = stepped(alarm({ threshold: 50 }), { ...calmAlarm, threshold: 30 });
    expect(fidelity(early, { peer: peer() }).score).toBeLessThan(LEAST_FIDELITY);
  });

  const refused: readonly (readonly [string, Partial<StepAlarm>])[] = [
    ['watches acme Jobs (Sum)', { metric: 'acme Jobs', statistic: 'Sum' }],
    ['watches AWS/ECS CPUUtilization (Maximum)', { statistic: 'Maximum' }],
    ['watches an expression (Average)', { metric: null }],
    ['watches another service', { dimensions: { ServiceName: 'cart' } }],
    ['looks at periods of 10 s', { periodSeconds: 10 }],
  ];
  test.each(refused)('by an alarm that %s is not replayed', (why, more) => {
    expect(scaledBy(NAME, stepped(alarm(more), calmAlarm))).toMatchObject({
      kind: 'unmodelled',
      why: expect.stringContaining(why),
    });
  });

  test('that no alarm invokes any more is not replayed', () => {
    const policies = [{ kind: 'stepScaling', name: 'out', adjustment: STEPS.out.adjustment, alarms: [] }] as const;
    expect(scaledBy(NAME, { capacity: CAPACITY, policies })).toEqual({
      ...{ kind: 'unmodelled', why: 'no alarm invokes its policy out now' },
    });
  });
});

describe('target tracking of 20-second metrics', () => {
  const fine = { ...TRACKED, policies: [{ ...TRACKING, metric: 'ECSServiceAverageCPUUtilizationHighResolution' }] };
  let history: History;
  beforeAll(() => {
    const peer = createTargetTracking({ target: TARGET, periodSeconds: 20 });
    history = recorded(scaledPlant(LOAD, { peer, plant: { metricPeriodSeconds: 20 } }), LOAD, SIGNALS);
  });

  test('is replayed from the minutes that CloudWatch keeps, and told from that of minutes', () => {
    const { score, words } = fidelityBeside(history, fine);
    expect(score).toBeGreaterThan(0.78);
    expect(words).toBe('target tracking of CPU every 20 s at 60');
    expect(fidelityBeside(history, TRACKED).score).toBeLessThan(0.6);
  });
});

describe('a forecast beside target tracking', () => {
  const hours = Array.from({ length: 40 }, (_, hour) => [START + hour * HOUR, hour % 24 === 6 ? 24 : 3] as const);
  const floorAt = (now: number) => {
    const soon = now + 300_000;
    return Math.max(...hours.flatMap(([hour, tasks]) => (hour <= soon && now < hour + HOUR ? [tasks] : [])), 0);
  };
  const forecast = { kind: 'predictive', name: 'days', scales: true, bufferSeconds: 300, forecast: hours } as const;

  test('is a floor from five minutes before its hour, as AWS says it forecast', () => {
    const scaling = { ...TRACKED, policies: [TRACKING, forecast] };
    const { score, counts } = fidelity(scaling, { peer: trackedAbove(floorAt) });
    expect(score).toBeGreaterThan(0.85);
    expect(fidelity(TRACKED, { peer: trackedAbove(floorAt) }).counts).toBeLessThan(counts - 0.05);
  });

  test('that only forecasts scales nothing', () => {
    const scaling = { ...TRACKED, policies: [TRACKING, { ...forecast, scales: false, forecast: [] }] };
    expect(scaledBy(NAME, scaling)).toMatchObject({ kind: 'modelled', words: 'target tracking of CPU at 60' });
  });

  test('of which nothing is left cannot be replayed', () => {
    const scaling = { ...TRACKED, policies: [TRACKING, { ...forecast, forecast: [] }] };
    expect(scaledBy(NAME, scaling)).toMatchObject({ kind: 'unmodelled', why: expect.stringContaining('no forecast') });
  });
});

describe('scheduled actions', () => {
  const action = (name: string, schedule: string, min: number): ServiceScheduledAction => ({
    ...{ name, schedule, timezone: 'UTC', min },
  });
  const actions = [action('night', 'cron(0 2 * * ? *)', 20), action('day', 'cron(0 6 * * ? *)', 2)];

  test('set the bounds in which target tracking moves', () => {
    const isNight = (now: number) => now % (24 * HOUR) >= 2 * HOUR && now % (24 * HOUR) < 6 * HOUR;
    const { score, words } = fidelity(
      { ...TRACKED, scheduled: actions },
      { peer: trackedAbove((now) => (isNight(now) ? 20 : 2)) },
    );
    expect(score).toBeGreaterThan(0.85);
    expect(words).toBe('target tracking of CPU at 60 and scheduled actions (2)');
  });

  const boundsAt = (scheduled: readonly ServiceScheduledAction[], from: number, hours: number) => {
    const timetable = timetableOf(scheduled);
    if (isUnreadable(timetable)) throw new Error(timetable.why);
    return boundsOver(timetable, CAPACITY, from, from + hours * HOUR).filter(({ at }) => at >= from);
  };

  test('days of the week begin with Sunday, 1; the clock is that of the zone', () => {
    const monday = { ...action('week', 'cron(30 9 ? * 2-6 *)', 9), timezone: 'Europe/Berlin' };
    const found = boundsAt([monday], Date.UTC(2026, 0, 4), 48);
    expect(found).toEqual([{ at: Date.UTC(2026, 0, 5, 8, 30), capacity: { min: 9, max: 60 } }]);
  });

  test('once, and between their start and their end', () => {
    const once = action('sale', 'at(2026-01-05T10:00:00)', 30);
    const short = { ...action('noon', 'cron(0 12 * * ? *)', 7), endsAt: START + 30 * HOUR };
    const found = boundsAt([once, short], START, 72);
    expect(found.map(({ at, capacity }) => [(at - START) / HOUR, capacity.min])).toEqual([
      [10, 30],
      [12, 7],
    ]);
  });

  test.each(['rate(1 day)', 'cron(0 8 L * ? *)', 'cron(0 8 * * ? 2026)'])(
    '%s is not replayed, and it is said',
    (schedule) => {
      const scaling = { ...TRACKED, scheduled: [action('odd', schedule, 5)] };
      const why = `its scheduled action odd is at ${schedule}, which is not replayed`;
      expect(scaledBy(NAME, scaling)).toEqual({ kind: 'unmodelled', why });
    },
  );
});

test('of two target tracking policies one that never goes in does not keep the other from it', () => {
  const outOnly = {
    ...TRACKING,
    name: 'requests',
    metric: 'ALBRequestCountPerTarget',
    target: 1e9,
    scaleInDisabled: true,
  };
  const { score } = fidelity({ ...TRACKED, policies: [TRACKING, outOnly] }, {});
  expect(score).toBeGreaterThan(0.9);
});
