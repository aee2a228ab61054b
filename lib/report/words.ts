/** The scores in plain words. */
import type { RunScores } from './run.ts';

/** Two digits that matter, and never a long tail: 0.042, 1.3, 18, 1,234. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 || value === 0 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

export function percent(value: number): string {
  return `${number(value)} %`;
}

export function duration(days: number): string {
  return minutes(Math.round(days * 24 * 60));
}

/** So many minutes, in the unit a person would use. */
export function minutes(count: number): string {
  if (count < 120) return count === 1 ? '1 minute' : `${count} minutes`;
  return count < 48 * 60 ? `${number(count / 60)} hours` : `${number(count / (24 * 60))} days`;
}

/** The run in three sentences, for people who read no table. */
export function lead(scores: RunScores): string {
  const overloaded =
    scores.overloadedPct === 0
      ? 'no request came while the tasks in service could not take it'
      : `${percent(scores.overloadedPct)} of the requests came while the tasks in service could not take them`;
  const cost =
    scores.costRatio === null
      ? 'The oracle needed no tasks, so there is no cost to compare with.'
      : `It paid for ${number(scores.costRatio)} times the task-seconds of a scaler that knows the future and is never overloaded.`;
  const changes = `It changed the count ${number(scores.changesPerDay)} times a day; ${number(scores.reversalsPerDay)} of these undid the one before within half an hour.`;
  return `Over ${duration(scores.days)}, ${overloaded}. ${cost} ${changes}`;
}
