/** The results for those who stay in the terminal. Nothing here prints. */
import CliTable from 'cli-table3';
import colors from 'picocolors';
import { duration, number, percent } from '../../report/words.ts';
import type { Comparison } from './comparisons.ts';
import type { FigureName, Row, Sheet } from './figures.ts';

const HEAD = ['', 'Overloaded', 'Over SLO', 'Cost', 'Changes', 'Reversals', 'Reaction', ''];
const UNITS = ['', '% of requests', '% of requests', '× oracle', 'a day', 'a day', 'median', '95th pct.'];
const ALIGN = ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'] as const;
const PLAIN = { head: [], border: [], compact: true };

export function sheetTable({ trace, days, rows }: Sheet, isPolicy: (row: Row) => boolean): string {
  const table = new CliTable({ style: PLAIN, colAligns: [...ALIGN], head: HEAD });
  table.push(UNITS.map((unit) => colors.dim(unit)));
  for (const row of rows.filter(({ shown }) => shown)) {
    const name = isPolicy(row) ? colors.bold(row.name) : row.name;
    table.push([name, ...cells(row)]);
  }
  return `${colors.bold(trace)}: ${duration(days)} scored\n${table.toString()}`;
}

function cells(row: Row): readonly string[] {
  const cell = (figure: FigureName, word: (value: number) => string) => {
    const value = row.figures[figure];
    if (value === null) return '–';
    const interval = row.intervals[figure];
    const spread = interval === undefined ? '0' : number(Math.max(interval.high - value, value - interval.low));
    return spread === '0' ? word(value) : `${word(value)} ${colors.dim(`±${spread}`)}`;
  };
  return [
    cell('overloadedPct', number),
    cell('overSloPct', number),
    cell('costRatio', number),
    cell('changesPerDay', number),
    cell('reversalsPerDay', number),
    cell('reactionSecondsP50', reaction),
    cell('reactionSecondsP95', reaction),
  ];
}

function reaction(seconds: number): string {
  return `${Math.round(seconds)} s`;
}

/** Undefined where nothing was swept. */
export function comparisonTable(comparisons: readonly Comparison[]): string | undefined {
  if (comparisons.length === 0) return undefined;
  const table = new CliTable({ style: PLAIN, colAligns: ['left', 'left', 'right', 'right'] });
  table.push(['', 'against', 'overloaded at equal cost', 'cost at equal overload']);
  for (const { policy, other, overloadedPctAtEqualCost, costRatioAtEqualOverload } of comparisons) {
    table.push([
      policy,
      other,
      overloadedPctAtEqualCost === undefined ? 'never so cheap' : percent(overloadedPctAtEqualCost),
      costRatioAtEqualOverload === undefined ? 'never so calm' : `${number(costRatioAtEqualOverload)} ×`,
    ]);
  }
  return table.toString();
}
