/** The oracle as a run: scored from its plan, since what it knows no plant could be told in time. It reacts to nothing. */

import type { CountChange } from '../scores.ts';
import { Lateness } from '../scoring/slo.ts';
import { emptyStretch } from '../serving.ts';
import type { PlantRow } from '../types.ts';
import type { OracleContender } from './contender.ts';
import { type Recorded, Recorder } from './recorder.ts';
import { oraclePlan, type Scenario } from './scenario.ts';

const MINUTE_MS = 60_000;

export function oracleRun(scenario: Scenario, { without }: OracleContender, picturePoints?: number): Recorded {
  const { plant, ratePerTaskInTime, scoredFrom } = scenario;
  const plan = oraclePlan(scenario, without === 'late' ? ratePerTaskInTime : plant.capacityPerTask);
  const known = plan.minutes.filter(({ inService }) => inService !== null).length;
  const rowOf = rowMaker(scenario, known === 0 ? 0 : plan.billedTaskSeconds / known);
  const recorder = new Recorder(scenario, picturePoints === undefined ? {} : { picturePoints });
  const changes: CountChange[] = [];
  let before: number | undefined;
  for (const { at, inService } of plan.minutes) {
    const tasks = inService ?? before ?? 0;
    if (at >= scoredFrom) recorder.row(rowOf(at, tasks));
    if (before !== undefined && tasks !== before) changes.push({ at, from: before, to: tasks });
    before = tasks;
  }
  const recorded = recorder.finish(changes);
  const { oracleTaskSeconds } = scenario;
  // Of the plan itself: added up again minute by minute it would be a hair beside it.
  const costRatio = oracleTaskSeconds === 0 ? null : plan.billedTaskSeconds / oracleTaskSeconds;
  return { ...recorded, scores: { ...recorded.scores, costRatio } };
}

/** Billed evenly over the minutes: only the sum is known. */
function rowMaker({ plant }: Scenario, billedTaskSeconds: number): (at: number, tasks: number) => PlantRow {
  const { load, capacityPerTask, kind = 'cpu', slo } = plant;
  const lateness = new Lateness(slo, kind, capacityPerTask);
  const stretch = emptyStretch();
  return (at, tasks) => {
    const rate = load.rateAt(at) === null ? null : meanRate(load, at);
    const requests = (rate ?? 0) * 60;
    stretch.arrived = requests;
    stretch.utilisation = tasks === 0 ? 0 : (rate ?? 0) / (tasks * capacityPerTask);
    return {
      at,
      load: rate,
      desired: tasks,
      running: tasks,
      inService: tasks,
      cpu: null,
      requests,
      requestsAboveCapacity: 0,
      billedTaskSeconds: rate === null ? 0 : billedTaskSeconds,
      requestsOverSlo: lateness.of(stretch),
    };
  };
}

function meanRate(load: Scenario['plant']['load'], at: number): number {
  const stepMs = load.stepSeconds * 1000;
  let sum = 0;
  let steps = 0;
  for (let t = at; t < at + MINUTE_MS; t += stepMs) {
    const rate = load.rateAt(t);
    if (rate === null) continue;
    sum += rate;
    steps++;
  }
  return steps === 0 ? 0 : sum / steps;
}
