/** From answers to readings: each recipe by its own rule. */
import type { Reading } from '../../policy/observation.ts';
import { readMetric } from './metric-reading.ts';
import { readSeries } from './promql.ts';
import type { Answers, Recipe } from './recipe.ts';
import { readShare } from './share.ts';
import { readQueue } from './sqs.ts';
import { readTargetGroups } from './target-groups-reading.ts';

export function readingOf(recipe: Recipe, answers: Answers): Reading {
  switch (recipe.kind) {
    case 'metric':
      return readMetric(recipe, answers);
    case 'targetGroups':
      return readTargetGroups(recipe, answers);
    case 'share':
      return readShare(recipe, (inner) => readingOf(inner, answers));
    case 'queue':
      return readQueue(recipe, answers);
    case 'series':
      return readSeries(recipe, answers);
    case 'unread': {
      const { status, periodSeconds, cause } = recipe;
      return { status, periodSeconds, values: [], cause };
    }
  }
}
