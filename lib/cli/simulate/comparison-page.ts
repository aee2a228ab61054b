/** The results as the page wants them. */
import type { Cell, Column, Comparison, Entry, FrontLine, Scene } from '../../report/comparison/comparison.ts';
import { duration, number, percent } from '../../report/words.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import { nameOf } from '../policy-file.ts';
import { type Comparison as Compared, comparisonsOf, pointsOf } from './comparisons.ts';
import { type FigureName, type Row, type Sheet, sheetOf } from './figures.ts';
import type { LoadResult } from './play-all.ts';

const COLUMNS: readonly (Column & { readonly figure: FigureName; readonly words: (value: number) => string })[] = [
  { figure: 'overloadedPct', title: 'Overloaded', unit: '% of requests', words: number },
  { figure: 'overSloPct', title: 'Over SLO', unit: '% of requests', words: number },
  { figure: 'costRatio', title: 'Cost', unit: '× oracle', words: number },
  { figure: 'changesPerDay', title: 'Changes', unit: 'a day', words: number },
  { figure: 'reversalsPerDay', title: 'Reversals', unit: 'a day', words: number },
  { figure: 'reactionSecondsP50', title: 'Reaction', unit: 'median', words: seconds },
  { figure: 'reactionSecondsP95', title: 'Reaction', unit: '95th pct.', words: seconds },
];
const AT_EQUALS: readonly Column[] = [
  { title: 'At equal cost', unit: '% overloaded' },
  { title: 'At equal overload', unit: 'cost × oracle' },
];

export interface Told {
  readonly results: readonly LoadResult[];
  readonly policies: readonly PolicyPlayed[];
  readonly assumptions: Comparison['assumptions'];
}

export function comparisonOf({ results, policies, assumptions }: Told): Comparison {
  const [first] = policies;
  return {
    service: first === undefined ? '' : nameOf(first.policy),
    scenes: results.map((result) => sceneOf(result, policies)),
    policies: policies.map(({ file, text }) => ({ file, text })),
    assumptions,
  };
}

function sceneOf(result: LoadResult, policies: readonly PolicyPlayed[]): Scene {
  const sheet = sheetOf(result);
  const isPolicy = ({ name }: Row) =>
    result.results.some(({ entrant }) => entrant.contender.name === name && entrant.contender.kind === 'policy');
  const compared = comparisonsOf(sheet, isPolicy);
  const { scenario } = result;
  return {
    trace: sheet.trace,
    lead: leadOf(sheet, isPolicy, compared),
    columns: [...COLUMNS, ...(compared.length === 0 ? [] : AT_EQUALS)].map(({ title, unit }) => ({ title, unit })),
    entries: sheet.rows.flatMap((row, place) => {
      if (!row.shown) return [];
      const picture = result.results[place]?.picture;
      return [entryOf(row, compared, isPolicy(row), picture, policies)];
    }),
    front: frontOf(sheet, isPolicy),
    capacityPerTask: scenario.plant.capacityPerTask,
    bounds: scenario.capacity,
  };
}

function entryOf(
  row: Row,
  compared: readonly Compared[],
  isPolicy: boolean,
  picture: Entry['picture'],
  policies: readonly PolicyPlayed[],
): Entry {
  const own = COLUMNS.map(({ figure, words }) => cellOf(row, figure, words));
  const one = compared.find(({ other }) => other === row.group);
  const equals: readonly Cell[] =
    compared.length === 0
      ? []
      : [
          { value: one === undefined ? '' : (wordsOf(one.overloadedPctAtEqualCost, number) ?? 'never so cheap') },
          { value: one === undefined ? '' : (wordsOf(one.costRatioAtEqualOverload, number) ?? 'never so calm') },
        ];
  const policy = isPolicy ? policies.find(({ file }) => file.includes(row.name))?.policy : undefined;
  return {
    name: row.name,
    isPolicy,
    cells: [...own, ...equals],
    ...(picture === undefined ? {} : { picture }),
    ...(policy === undefined ? {} : { policy }),
  };
}

function cellOf({ figures, intervals }: Row, figure: FigureName, words: (value: number) => string): Cell {
  const value = figures[figure];
  if (value === null) return { value: '–' };
  const interval = intervals[figure];
  const spread = interval === undefined ? '0' : number(Math.max(interval.high - value, value - interval.low));
  return spread === '0' ? { value: words(value) } : { value: words(value), spread };
}

function wordsOf(value: number | undefined, words: (value: number) => string): string | undefined {
  return value === undefined ? undefined : words(value);
}

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}

/** Lines of the scalers that have a cost; a single point draws no line. */
function frontOf({ rows }: Sheet, isPolicy: (row: Row) => boolean): readonly FrontLine[] {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const lines = groups.map((group) => {
    const points = pointsOf(rows, group).map(({ cost, overload, row }) => ({
      cost,
      overload,
      setting: row.setting === undefined ? '' : percent(100 * row.setting),
    }));
    return { name: group, isPolicy: rows.some((row) => row.group === group && isPolicy(row)), points };
  });
  const drawn = lines.filter(({ points }) => points.length > 0);
  return drawn.length > 1 ? drawn : [];
}

function leadOf({ days, rows }: Sheet, isPolicy: (row: Row) => boolean, compared: readonly Compared[]): string {
  const sentences = rows
    .filter((row) => row.shown && isPolicy(row))
    .map(({ name, figures }) => {
      const cost =
        figures.costRatio === null
          ? 'The oracle needed no tasks'
          : `at ${number(figures.costRatio)} times the cost of a scaler that knows the future`;
      const over = figures.overloadedPct ?? 0;
      const overloaded =
        over === 0
          ? 'no request came above the capacity in service'
          : `${percent(over)} of the requests came above the capacity in service`;
      return `Under ${name} ${overloaded}, ${cost}.`;
    });
  const better = compared.filter(
    ({ overloadedPctAtEqualCost: other, policy }) =>
      other !== undefined &&
      other > (rows.find(({ name }) => name === policy)?.figures.overloadedPct ?? Number.POSITIVE_INFINITY),
  );
  const cheap = compared.filter(({ overloadedPctAtEqualCost: other }) => other !== undefined);
  if (cheap.length > 0) {
    sentences.push(
      `At the same cost ${better.length} of the ${cheap.length} others that get by with it are overloaded more.`,
    );
  }
  return `Over ${duration(days)}: ${sentences.join(' ')}`;
}
