/** One metric of several target groups as one reading. A group without a datapoint in a period got no traffic in it. */
import type { Datapoint, Reading } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { answerTo, judged, pointsWithin } from './metric-reading.ts';
import type { Answers, TargetGroupsRecipe } from './recipe.ts';

/** A group in one period. */
interface Heard {
  readonly value: number;
  readonly hosts: number | undefined;
  readonly samples: number | undefined;
}

export function readTargetGroups(recipe: TargetGroupsRecipe, answers: Answers): Reading {
  const { groups, combine, scale, periodSeconds, samplesNeeded } = recipe;
  const heard = new Map<EpochMs, Heard[]>();
  const pointsOf = (id: string | undefined) => (id === undefined ? undefined : answers.series.get(id)?.points);
  for (const { id, hostsId, samplesId } of groups) {
    const [hosts, samples] = [pointsOf(hostsId), pointsOf(samplesId)];
    for (const [at, value] of pointsWithin(answerTo(id, answers), recipe)) {
      const known = heard.get(at) ?? [];
      known.push({ value, hosts: hosts?.get(at), samples: samples?.get(at) });
      heard.set(at, known);
    }
  }
  const periods = [...heard]
    .sort(([a], [b]) => a - b)
    .map(([at, all]) => [at, samplesNeeded === undefined ? all : wellFounded(all, samplesNeeded)] as const);
  const points = periods.map(([at, all]) => pointOf(at, all, combine, scale));
  const asked = groups.flatMap(({ id, hostsId, samplesId }) =>
    [id, hostsId, samplesId].filter((one) => one !== undefined),
  );
  const reading = judged(
    points,
    asked.map((id) => answerTo(id, answers)),
    periodSeconds,
  );
  if (samplesNeeded === undefined) return reading;
  return { ...reading, samples: periods.map(([at, all]) => [at, Math.max(...all.map(({ samples = 0 }) => samples))]) };
}

/** A percentile of few requests, those of a test listener perhaps, does not outvote one that is sure; where none is sure, all are heard. */
function wellFounded(heard: readonly Heard[], needed: number): readonly Heard[] {
  const sure = heard.filter(({ samples = 0 }) => samples >= needed);
  return sure.length === 0 ? heard : sure;
}

function pointOf(
  at: EpochMs,
  heard: readonly Heard[],
  combine: TargetGroupsRecipe['combine'],
  scale: number,
): Datapoint {
  const values = heard.map(({ value }) => value);
  switch (combine) {
    case 'sum':
      return [at, scale * values.reduce((sum, value) => sum + value, 0)];
    case 'most':
      return [at, scale * Math.max(...values)];
    case 'least':
      return [at, scale * Math.min(...values)];
    case 'perTarget':
      return perTarget(at, heard, scale);
  }
}

/** All requests over all healthy hosts, and those hosts as the tasks that made it; the busiest group where a host count is missing. */
function perTarget(at: EpochMs, heard: readonly Heard[], scale: number): Datapoint {
  const hosts = heard.reduce((sum, one) => sum + (one.hosts ?? Number.NaN), 0);
  if (!(hosts > 0)) return [at, scale * Math.max(...heard.map(({ value }) => value))];
  const requests = heard.reduce((sum, { value, hosts: own = 0 }) => sum + value * own, 0);
  return [at, (scale * requests) / hosts, hosts];
}
