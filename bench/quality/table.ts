/** Many results as one table: families count alike, and scalers are read where they cost the same and where they are overloaded the same. */
import { macroAverage } from '../../lib/sim/scoring/families.ts';
import { costAt, overloadAt } from '../../lib/sim/scoring/front.ts';
import { type MacroInterval, macroInterval } from './intervals.ts';
import { pointOf } from './pairs.ts';
import { byLoad, type Measured, type Result } from './results.ts';

/** The setting that stands in the table, and the costs and overloads at which fronts are read. */
export const SHOWN_SETTING = 0.6;
export const AT_COST = 1.5;
export const AT_OVERLOAD = 0.1;

type Figure =
  | 'overloadedPct'
  | 'overSloPct'
  | 'costRatio'
  | 'changesPerDay'
  | 'reversalsPerDay'
  | 'reactionSecondsP50'
  | 'reactionSecondsP95';

export interface Line {
  readonly group: string;
  readonly figures: Readonly<Record<Figure, MacroInterval | undefined>>;
  /** The family with the largest overload. */
  readonly worst: string;
  readonly overloadAtCost: MacroInterval | undefined;
  readonly costAtOverload: MacroInterval | undefined;
  /** Loads that were played. */
  readonly loads: number;
}

export function linesOf(results: readonly Result[]): readonly Line[] {
  return [...Map.groupBy(results, ({ group }) => group)].map(([group, own]) => lineOf(group, own));
}

function lineOf(group: string, own: readonly Result[]): Line {
  const shown = own.filter(({ setting }) => setting === undefined || setting === SHOWN_SETTING);
  const average = (name: Figure) => macroInterval(shown.flatMap((result) => measured(result, result[name])));
  const fronts = [...byLoad(own).values()].map((same) => ({ same, points: same.flatMap(pointOf) }));
  const read = (of: (points: (typeof fronts)[number]['points']) => number | undefined) =>
    macroInterval(fronts.flatMap(({ same, points }) => (same[0] === undefined ? [] : measured(same[0], of(points)))));
  const worst = macroAverage(shown.map(({ family, overloadedPct }) => ({ family, value: overloadedPct })))?.worst;
  return {
    group,
    figures: {
      overloadedPct: average('overloadedPct'),
      overSloPct: average('overSloPct'),
      costRatio: average('costRatio'),
      changesPerDay: average('changesPerDay'),
      reversalsPerDay: average('reversalsPerDay'),
      reactionSecondsP50: average('reactionSecondsP50'),
      reactionSecondsP95: average('reactionSecondsP95'),
    },
    worst: worst === undefined ? '' : `${worst.family} (${digits(worst.value)} %)`,
    overloadAtCost: read((points) => overloadAt(points, AT_COST)),
    costAtOverload: read((points) => costAt(points, AT_OVERLOAD)),
    loads: fronts.length,
  };
}

function measured({ trace, family }: Result, value: number | null | undefined): readonly Measured[] {
  return value === null || value === undefined ? [] : [{ trace, family, value }];
}

const HEAD = [
  'scaler',
  'overloaded %',
  'over SLO %',
  'cost × oracle',
  'changes a day',
  'reversals a day',
  'reaction p50 s',
  'reaction p95 s',
  'worst family',
  `overloaded % at cost ${AT_COST}`,
  `cost at ${AT_OVERLOAD} % overloaded`,
] as const;

export function markdown(lines: readonly Line[]): string {
  return tableOf(HEAD, lines.map(cellsOf), [0, 8]);
}

/** `left`: columns of words. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[],
): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, i) => (left.includes(i) ? '---' : '--:'))), ...rows.map(row)].join('\n');
}

function cellsOf({ group, figures, worst, overloadAtCost, costAtOverload, loads }: Line): readonly string[] {
  const reached = (value: MacroInterval | undefined) => {
    if (value === undefined) return 'never';
    return value.loads === loads ? interval(value) : `${interval(value)}, ${value.loads} of ${loads} loads`;
  };
  const plain = (value: MacroInterval | undefined) => (value === undefined ? '–' : digits(value.mean));
  return [
    group,
    interval(figures.overloadedPct),
    interval(figures.overSloPct),
    interval(figures.costRatio),
    plain(figures.changesPerDay),
    plain(figures.reversalsPerDay),
    plain(figures.reactionSecondsP50),
    plain(figures.reactionSecondsP95),
    worst,
    reached(overloadAtCost),
    reached(costAtOverload),
  ];
}

/** `1.45 (1.39–1.52)`. */
export function interval(value: MacroInterval | undefined, show: (value: number) => string = digits): string {
  return value === undefined ? '–' : `${show(value.mean)} (${show(value.low)} to ${show(value.high)})`;
}

export function digits(value: number): string {
  return Math.abs(value) < 0.0005 ? '0' : String(Number(value.toPrecision(3)));
}
