/** Several services beside each other: one line each, and what they come to together. Nothing here prints. */
import colors from 'picocolors';
import type { ServiceName } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import type { Backtested } from '../../report/backtest/backtested.ts';
import { costWords, dollars, minutesOf, monthlyDollars, share } from '../../report/backtest/words.ts';
import type { Comparison } from '../../sim/backtest/backtest.ts';
import { namedIn, ruled } from '../ruled-table.ts';
import { reportJson } from './render.ts';

/** One service: its backtest, or the sentence that says why there is none. */
export type Told =
  | { readonly name: ServiceName; readonly told: Backtested }
  | { readonly name: ServiceName; readonly failed: string };

interface Ranked {
  readonly name: ServiceName;
  readonly told: Backtested;
  readonly comparison: Comparison;
}

/** What the figures leave of 80 columns. */
const LONGEST_NAME = 26;
const HEAD = ['', 'Cost', 'Really', 'A month', 'Overloaded', 'Really', 'Fidelity'];

export function overviewText(all: readonly Told[], days: number): string {
  const ranked = all.flatMap(rankedOf).sort((one, other) => monthly(one) - monthly(other));
  const others = all.flatMap((one) => {
    const why = unranked(one);
    return why === undefined ? [] : [`${colors.bold(nameText(one.name))} is not ranked: ${why}`];
  });
  const parts = [colors.bold(together(ranked, all.length, days)), ruled(HEAD, ranked.map(cells), 1), ...others];
  return parts.filter((_, index) => index !== 1 || ranked.length > 0).join('\n\n');
}

/** The list of what `--json` says of each service alone. */
export function overviewJson(all: readonly Told[]): string {
  const each = all.map((one) =>
    'told' in one
      ? reportJson(one.told)
      : JSON.stringify({ service: nameText(one.name), ranked: false, why: one.failed, runs: [] }),
  );
  return `[${each.join(',\n')}]`;
}

export function isRanked(one: Told): boolean {
  return rankedOf(one).length > 0;
}

function rankedOf(one: Told): readonly Ranked[] {
  if (!('told' in one) || one.told.outcome.kind !== 'ranked') return [];
  return [{ ...one, comparison: one.told.outcome.comparison }];
}

/** A sentence. */
function unranked(one: Told): string | undefined {
  if ('failed' in one) return one.failed;
  return one.told.outcome.kind === 'refused' ? `${one.told.outcome.why}.` : undefined;
}

function together(ranked: readonly Ranked[], count: number, days: number): string {
  const length = `${days} ${days === 1 ? 'day' : 'days'}`;
  if (ranked.length === 0) return `None of ${count} services could be ranked over ${length}.`;
  const sum = (of: (one: Ranked) => number) => ranked.reduce((total, one) => total + of(one), 0);
  const [own, real] = [sum((one) => costOf(one, 'policy')), sum((one) => costOf(one, 'real'))];
  const judged = ranked.filter(({ comparison }) => comparison.overloaded !== undefined);
  const overloaded = (side: 'policy' | 'real') =>
    minutesOf(judged.reduce((total, { comparison }) => total + comparison[side].overloadedMinutes, 0));
  const some = ranked.length === count ? `${count} services` : `${ranked.length} of ${count} services`;
  const cost = `${some}, ${length}: their policies would have ${costWords(own, real, sum(monthly))}`;
  return judged.length === 0
    ? `${cost}.`
    : `${cost} and been overloaded for ${overloaded('policy')} instead of ${overloaded('real')}.`;
}

function cells(one: Ranked): readonly string[] {
  const { name, comparison, told } = one;
  const month = monthly(one);
  const minutes = (side: 'policy' | 'real') =>
    comparison.overloaded === undefined ? 'unknown' : `${Math.round(comparison[side].overloadedMinutes)} min`;
  const { fidelity } = told.outcome;
  return [
    namedIn(nameText(name), LONGEST_NAME),
    dollars(costOf(one, 'policy')),
    dollars(costOf(one, 'real')),
    `${month > 0 ? '+' : '−'}${dollars(Math.abs(month))}`,
    minutes('policy'),
    minutes('real'),
    fidelity === null ? '–' : share(fidelity.score),
  ];
}

function costOf({ told, comparison }: Ranked, side: 'policy' | 'real'): number {
  return comparison[side].taskHours * told.price.dollarsPerHour;
}

function monthly({ told, comparison }: Ranked): number {
  return monthlyDollars(comparison, told.price.dollarsPerHour);
}
