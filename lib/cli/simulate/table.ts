/** The results for those who stay in the terminal, 80 columns wide. Nothing here prints. */
import colors from 'picocolors';
import { duration, number, percent } from '../../report/words.ts';
import { namedIn, ruled } from '../ruled-table.ts';
import type { Comparison } from './comparisons.ts';
import type { FigureName, Row, Sheet } from './figures.ts';

const HEAD = [
  '',
  'Over-\nloaded %',
  'Over\nSLO %',
  'Cost\nratio',
  'Changes\na day',
  'Rever-\nsals',
  'Reaction\np50 / p95 s',
];
const FIGURES_OF_CELLS: readonly (readonly FigureName[])[] = [
  ['overloadedPct'],
  ['overSloPct'],
  ['costRatio'],
  ['changesPerDay'],
  ['reversalsPerDay'],
  ['reactionSecondsP50', 'reactionSecondsP95'],
];
/** What the figures leave of 80 columns. */
const LONGEST_NAME = 25;

export function sheetTable({ trace, days, rows }: Sheet, isPolicy: (row: Row) => boolean): string {
  const shown = rows.filter((row) => row.shown);
  const table = shown.map((row) => {
    const name = namedIn(row.name, LONGEST_NAME).split('\n');
    const lines = isPolicy(row) ? name.map((line) => colors.bold(line)) : name;
    return [lines.join('\n'), ...FIGURES_OF_CELLS.map((figures) => cellOf(row, figures))];
  });
  return `${colors.bold(trace)}: ${duration(days)} scored\n${ruled(HEAD, table, 1)}`;
}

/** How sure the figures are stands below them. */
function cellOf(row: Row, figures: readonly FigureName[]): string {
  const values = figures.map((figure) => worded(figure, row.figures[figure]));
  const spreads = figures.map((figure) => spreadOf(row, figure));
  const isSure = spreads.every((spread) => spread === '0');
  const lines = [values.join(' / '), ...(isSure ? [] : [spreads.map((spread) => `±${spread}`).join(' / ')])];
  return lines.map((line, index) => (index === 0 ? line : colors.dim(line))).join('\n');
}

function worded(figure: FigureName, value: number | null): string {
  if (value === null) return '–';
  return figure.startsWith('reaction') ? String(Math.round(value)) : number(value);
}

function spreadOf({ figures, intervals }: Row, figure: FigureName): string {
  const [value, interval] = [figures[figure], intervals[figure]];
  if (value === null || interval === undefined) return '0';
  return worded(figure, Math.max(interval.high - value, value - interval.low));
}

/** Undefined where nothing was swept. */
export function comparisonTable(comparisons: readonly Comparison[]): string | undefined {
  if (comparisons.length === 0) return undefined;
  const rows = comparisons.map(({ policy, other, overloadedPctAtEqualCost, costRatioAtEqualOverload }) => [
    namedIn(policy, LONGEST_NAME),
    namedIn(other, LONGEST_NAME),
    overloadedPctAtEqualCost === undefined ? 'never so cheap' : percent(overloadedPctAtEqualCost),
    costRatioAtEqualOverload === undefined ? 'never so calm' : `${number(costRatioAtEqualOverload)} ×`,
  ]);
  return ruled(['', 'Against', 'Overloaded\nat equal cost', 'Cost at\nequal overload'], rows, 2);
}
