/** What a backtest says in sentences, for the terminal and the page alike. */
import { nameText } from '../../policy/service-name.ts';
import type { Comparison } from '../../sim/backtest/backtest.ts';
import { type Fidelity, LEAST_FIDELITY, MATCH_MINUTES } from '../../sim/backtest/fidelity.ts';
import { type History, MINUTE_MS } from '../../sim/backtest/history.ts';
import { minutes, number, percent } from '../words.ts';
import type { Backtested, TaskPrice } from './backtested.ts';

const DAY_MS = 86_400_000;
const HOURS_A_MONTH = 730;

export function serviceOf({ history }: Backtested): string {
  return nameText(history);
}

export function spanOf({ history }: Backtested): string {
  const moment = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `${moment(history.from)} to ${moment(history.to)} UTC, ${daysOf(history)}`;
}

/** Those that were asked for, and of them those whose tasks are known: a service may be younger, and a history has gaps. */
function daysOf({ from, to, tasks }: History): string {
  const asked = number((to - from) / DAY_MS);
  const known = number((tasks.length * MINUTE_MS) / DAY_MS);
  return `${known === asked ? '' : `${known} of `}${asked} ${asked === '1' ? 'day' : 'days'}`;
}

/** The one line somebody reads, and whose it is. */
export function answerOf(told: Backtested): string {
  const answer = verdictOf(told);
  return `${serviceOf(told)}, ${daysOf(told.history)}: ${answer.charAt(0).toLowerCase()}${answer.slice(1)}`;
}

/** Dollars and minutes overloaded, or why there are none. */
export function verdictOf(told: Backtested): string {
  const { outcome } = told;
  if (outcome.kind === 'refused') return `Not ranked, because ${outcome.why}.`;
  return `This policy would have ${figuresOf(told, outcome.comparison)}.${hiddenWords(outcome.comparison)}`;
}

/** Full tasks do not show how much more was asked of them: the figures of the policy, and they alone, may be too small. */
function hiddenWords({ cappedMinutes }: Comparison): string {
  const full = Math.round(cappedMinutes);
  if (full === 0) return '';
  return ` The real tasks were full for ${minutesOf(full)} and hid any load beyond that: it may have cost more and been overloaded for longer.`;
}

function figuresOf({ price: { dollarsPerHour: price } }: Backtested, comparison: Comparison): string {
  const { policy, real, overloaded } = comparison;
  const cost = costWords(policy.taskHours * price, real.taskHours * price, monthlyDollars(comparison, price));
  if (overloaded === undefined) return `${cost}; it reads nothing that tells overload`;
  const [own, theirs] = [policy.overloadedMinutes, real.overloadedMinutes].map(minutesOf);
  const longest = Math.max(policy.overloadedMinutes, real.overloadedMinutes);
  if (longest === 0) return `${cost} and been overloaded for no minute, as it really was (${overloaded})`;
  return `${cost} and been overloaded for ${own} instead of ${theirs} (${overloaded})`;
}

/** @param own dollars of the policies, beside those that were really paid @param monthly dollars of the difference */
export function costWords(own: number, real: number, monthly: number): string {
  const cost = `cost ${dollars(own)} instead of ${dollars(real)}`;
  if (real === 0) return `${cost} (the real service ran no task)`;
  const part = own / real - 1;
  const words = `${percent(100 * Math.abs(part))} ${part > 0 ? 'more' : 'less'}, about ${dollars(Math.abs(monthly))} a month`;
  return `${cost} (${words})`;
}

/** A month of the difference; negative: the policy is cheaper. */
export function monthlyDollars({ policy, real, days }: Comparison, price: number): number {
  return days === 0 ? 0 : ((policy.taskHours - real.taskHours) * price * HOURS_A_MONTH) / (24 * days);
}

/** The line under the answer: how far to believe it. */
export function fidelityOf({ outcome: { fidelity, scaledBy } }: Backtested): string {
  return fidelity === null
    ? `Fidelity unknown: ${UNKNOWN}`
    : `Fidelity ${share(fidelity.score)}: ${replayedWords(scaledBy)}`;
}

/** The same without its figure. */
export function fidelityWords({ outcome: { fidelity, scaledBy } }: Backtested): string {
  const words = fidelity === null ? UNKNOWN : replayedWords(scaledBy);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function replayedWords(scaledBy: string): string {
  return `${scaledBy}, replayed on the same signals, against the counts that really were. ${NEEDED}`;
}

const NEEDED = `${share(LEAST_FIDELITY)} is needed to rank.`;
const UNKNOWN = `it cannot be shown, since what scaled the service is not replayed. ${NEEDED}`;

/** Term, value, meaning. */
export function fidelityParts(fidelity: Fidelity): readonly (readonly [string, string, string])[] {
  const { counts, changes, agreement, realChanges, modelChanges } = fidelity;
  return [
    ['Counts', share(counts), 'of their movement told'],
    [
      'Moments of the changes',
      share(changes),
      `within ${MATCH_MINUTES} minutes; ${realChanges} real, ${modelChanges} of the model`,
    ],
    ...(agreement === undefined
      ? []
      : [['Both records of the tasks', share(agreement), 'of the minutes agree'] as const]),
  ];
}

/** Of a score, 0 to 1. */
export function share(value: number): string {
  return percent(Math.round(100 * Math.max(0, value)));
}

/** What was taken for granted, and where it may be wrong. */
export function limitsOf(told: Backtested): readonly (readonly [term: string, words: string])[] {
  const { outcome, history, price } = told;
  return [
    ...(outcome.kind === 'ranked' ? loadLimits(outcome.comparison) : []),
    ...daysLimit(history),
    ['Cost', `running tasks at ${priceWords(price)}`],
    [
      'Tasks',
      history.tasksFrom === 'containerInsights'
        ? 'as Container Insights counted them'
        : 'by the samples of the CPU: Container Insights is off, so the desired count is not known',
    ],
    ['Its own tasks', 'serve as long after a decision as the real ones did, and stop at once'],
    ['What scaled it', 'as Application Auto Scaling is set up today; what it was then nobody kept'],
    ['Deployments', 'are not in the history: the tasks of both revisions count as tasks'],
    ['Versions', `Schmitt ${told.version}`],
  ];
}

function daysLimit(history: History): readonly (readonly [string, string])[] {
  const days = daysOf(history);
  if (!days.includes(' of ')) return [];
  return [['Days', `the tasks of ${days} are known; no figure has anything of the others in it`]];
}

/** `$0.01234 a task-hour: …`. A price is small, and its digits multiply. */
function priceWords({ dollarsPerHour, why }: TaskPrice): string {
  return `$${dollarsPerHour.toLocaleString('en-US', { maximumSignificantDigits: 4 })} a task-hour: ${why}`;
}

function loadLimits(comparison: Comparison): readonly (readonly [string, string])[] {
  const { cappedMinutes, days, knownDays, modelled, overloaded, policyMinutesBetween: between } = comparison;
  const found: (readonly [string, string])[] = [
    ['Load', 'what the real tasks did, shared by the tasks there would have been'],
  ];
  if (cappedMinutes > 0) {
    found.push([
      'CPU was capped',
      `for ${minutesOf(cappedMinutes)} the real tasks were full: there the load is a lower bound, and so are the overloads of the policy and of the model`,
    ]);
  }
  if (overloaded !== undefined) {
    const range = `${number(between.least)} to ${minutesOf(between.most)} if the load on its tasks were 5 % less or more`;
    found.push(['Overloaded', `a minute with ${overloaded}; of the policy ${range}`]);
  }
  if (knownDays < 0.95 * days) found.push(['Load known', `${percent((100 * knownDays) / days)} of the time`]);
  for (const [signal, how] of Object.entries(modelled)) found.push([`Signal ${signal}`, how]);
  return found;
}

export function minutesOf(count: number): string {
  return minutes(Math.round(count));
}

export function dollars(value: number): string {
  return value < 100 ? `$${value.toFixed(2)}` : `$${Math.round(value).toLocaleString('en-US')}`;
}
