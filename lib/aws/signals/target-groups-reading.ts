/** One metric of several target groups as one reading. A group without a datapoint in a period got no traffic in it. */
import type { Datapoint, Reading } from '../../policy/observation.ts';
import type { EpochMs } from '../../policy/policy.ts';
import { answerTo, judged, pointsWithin } from './metric-reading.ts';
import type { Answers, TargetGroupsRecipe } from './recipe.ts';

/** A group in one period. */
interface Heard {
  readonly value: number;
  readonly hosts: number | undefined;
}

export function readTargetGroups(recipe: TargetGroupsRecipe, answers: Answers): Reading {
  const { groups, combine, scale, periodSeconds } = recipe;
  const heard = new Map<EpochMs, Heard[]>();
  for (const { id, hostsId } of groups) {
    const hosts = hostsId === undefined ? undefined : answers.series.get(hostsId)?.points;
    for (const [at, value] of pointsWithin(answerTo(id, answers), recipe)) {
      const known = heard.get(at) ?? [];
      known.push({ value, hosts: hosts?.get(at) });
      heard.set(at, known);
    }
  }
  const points = [...heard].sort(([a], [b]) => a - b).map(([at, all]) => pointOf(at, all, combine, scale));
  const asked = groups.flatMap(({ id, hostsId }) => (hostsId === undefined ? [id] : [id, hostsId]));
  return judged(
    points,
    asked.map((id) => answerTo(id, answers)),
    periodSeconds,
  );
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
