/** Many results as one table: families count alike, and scalers are compared where they cost the same and where they are overloaded the same. */
import { macroAverage } from '../../lib/sim/scoring/families.ts';
import { type CostPoint, costAt, overloadAt } from '../../lib/sim/scoring/front.ts';

/** One scaler at one setting on one trace and size, over all seeds. */
export interface Result {
  readonly trace: string;
  readonly family: string;
  readonly size: number;
  readonly group: string;
  readonly setting?: number;
  readonly overloadedPct: number;
  readonly overSloPct: number;
  readonly costRatio: number | null;
  readonly changesPerDay: number;
  readonly reversalsPerDay: number;
  readonly reactionSecondsP50: number | null;
  readonly reactionSecondsP95: number | null;
}

/** The setting that stands in the table, and the costs and overloads at which fronts are read. */
export const SHOWN_SETTING = 0.6;
export const AT_COST = 1.5;
export const AT_OVERLOAD = 0.1;

export interface Line {
  readonly group: string;
  readonly figures: Readonly<
    Record<
      | 'overloadedPct'
      | 'overSloPct'
      | 'costRatio'
      | 'changesPerDay'
      | 'reversalsPerDay'
      | 'reactionSecondsP50'
      | 'reactionSecondsP95',
      number | null
    >
  >;
  readonly worst: string;
  readonly overloadAtCost: number | null;
  readonly costAtOverload: number | null;
  /** Share of the loads on which its front reaches `AT_COST` and `AT_OVERLOAD`. */
  readonly reachesCost: number;
  readonly reachesOverload: number;
}

const FIGURES = [
  'overloadedPct',
  'overSloPct',
  'costRatio',
  'changesPerDay',
  'reversalsPerDay',
  'reactionSecondsP50',
  'reactionSecondsP95',
] as const;

export function linesOf(results: readonly Result[]): readonly Line[] {
  return [...new Set(results.map(({ group }) => group))].map((group) =>
    lineOf(
      group,
      results.filter((one) => one.group === group),
    ),
  );
}

function lineOf(group: string, own: readonly Result[]): Line {
  const shown = own.filter(({ setting }) => setting === undefined || setting === SHOWN_SETTING);
  const average = (of: (result: Result) => number | null) =>
    macroAverage(shown.flatMap((result) => valued(result.family, of(result))));
  const figures = Object.fromEntries(FIGURES.map((name) => [name, average((result) => result[name])?.mean ?? null]));
  const fronts = frontsOf(own);
  const atCost = fronts.flatMap(({ family, points }) => valued(family, overloadAt(points, AT_COST) ?? null));
  const atOverload = fronts.flatMap(({ family, points }) => valued(family, costAt(points, AT_OVERLOAD) ?? null));
  const worst = average(({ overloadedPct }) => overloadedPct)?.worst;
  return {
    group,
    figures: figures as Line['figures'],
    worst: worst === undefined ? '' : `${worst.family} (${worst.value.toPrecision(2)} %)`,
    overloadAtCost: macroAverage(atCost)?.mean ?? null,
    costAtOverload: macroAverage(atOverload)?.mean ?? null,
    reachesCost: fronts.length === 0 ? 0 : atCost.length / fronts.length,
    reachesOverload: fronts.length === 0 ? 0 : atOverload.length / fronts.length,
  };
}

function valued(family: string, value: number | null): readonly { family: string; value: number }[] {
  return value === null ? [] : [{ family, value }];
}

/** One front for each trace and size. */
function frontsOf(
  own: readonly Result[],
): readonly { readonly family: string; readonly points: readonly CostPoint[] }[] {
  const keys = [...new Set(own.map(({ trace, size }) => `${trace} ${size}`))];
  return keys.map((key) => {
    const same = own.filter(({ trace, size }) => `${trace} ${size}` === key);
    const points = same.flatMap(({ costRatio, overloadedPct }) =>
      costRatio === null ? [] : [{ cost: costRatio, overload: overloadedPct }],
    );
    return { family: same[0]?.family ?? '', points };
  });
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
];

export function markdown(lines: readonly Line[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(HEAD),
    row(HEAD.map((_, i) => (i === 0 || i === 8 ? '---' : '--:'))),
    ...lines.map((line) => row(cellsOf(line))),
  ].join('\n');
}

function cellsOf({
  group,
  figures,
  worst,
  overloadAtCost,
  costAtOverload,
  reachesCost,
  reachesOverload,
}: Line): readonly string[] {
  const reached = (value: number | null, share: number) =>
    value === null ? 'never' : `${digits(value)}${share === 1 ? '' : ` (${Math.round(100 * share)} % of loads)`}`;
  return [
    group,
    ...FIGURES.map((name) => digits(figures[name])),
    worst,
    reached(overloadAtCost, reachesCost),
    reached(costAtOverload, reachesOverload),
  ];
}

function digits(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(3)));
}
