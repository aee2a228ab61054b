/** The results as the page wants them. */
import { nameText } from '../../policy/service-name.ts';
import type { Cell, Column, Comparison, Entry, FrontLine, Scene } from '../../report/comparison/comparison.ts';
import { duration, number, percent } from '../../report/words.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import { type Comparison as Compared, comparisonsOf, pointsOf } from './comparisons.ts';
import { type FigureName, type Row, type Sheet, sheetOf } from './figures.ts';
import type { LoadResult, Result } from './play-all.ts';

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
  /** What is said of a load, and drawn of cost against overload; where it is to be something else than of a comparison. */
  readonly say?: (sheet: Sheet) => Pick<Scene, 'lead' | 'front'>;
  readonly kicker?: string;
  readonly noun?: Comparison['noun'];
}

export function comparisonOf({ results, policies, assumptions, say, kicker, noun }: Told): Comparison {
  const [first] = policies;
  return {
    kicker: kicker ?? 'Schmitt beside other scalers, on the same load',
    ...(noun === undefined ? {} : { noun }),
    service: first === undefined ? '' : nameText(first.policy),
    scenes: results.map((result) => sceneOf(result, say)),
    policies: policies.map(({ file, text }) => ({ file, text })),
    assumptions,
  };
}

function sceneOf(result: LoadResult, say: Told['say']): Scene {
  const sheet = sheetOf(result);
  const own = new Set(
    result.results.flatMap(({ entrant }) => (entrant.policy === undefined ? [] : [entrant.contender.name])),
  );
  const isPolicy = ({ name }: Row) => own.has(name);
  const compared = comparisonsOf(sheet, isPolicy);
  const { scenario } = result;
  const said = say?.(sheet) ?? { lead: leadOf(sheet, isPolicy, compared), front: frontOf(sheet, isPolicy) };
  return {
    trace: sheet.trace,
    ...said,
    columns: [...COLUMNS, ...(compared.length === 0 ? [] : AT_EQUALS)].map(({ title, unit }) => ({ title, unit })),
    entries: sheet.rows.flatMap((row, place) => (row.shown ? [entryOf(row, compared, result.results[place])] : [])),
    capacityPerTask: scenario.plant.capacityPerTask,
    bounds: scenario.capacity,
  };
}

function entryOf(row: Row, compared: readonly Compared[], result: Result | undefined): Entry {
  const own = COLUMNS.map(({ figure, words }) => cellOf(row, figure, words));
  const one = compared.find(({ other }) => other === row.group);
  const equals: readonly Cell[] =
    compared.length === 0
      ? []
      : [
          { value: one === undefined ? '' : (wordsOf(one.overloadedPctAtEqualCost, number) ?? 'dearer') },
          { value: one === undefined ? '' : (wordsOf(one.costRatioAtEqualOverload, number) ?? 'never') },
        ];
  const { picture, entrant } = result ?? {};
  return {
    name: row.name,
    isPolicy: entrant?.policy !== undefined && entrant.isVariant !== true,
    cells: [...own, ...equals],
    ...(picture === undefined ? {} : { picture }),
    ...(entrant?.policy === undefined ? {} : { policy: entrant.policy }),
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
    return { name: group, isPolicy: rows.some((row) => row.group === group && isPolicy(row)), joined: true, points };
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
  const overloadOf = (name: string) => rows.find((row) => row.name === name)?.figures.overloadedPct ?? undefined;
  const better = compared.filter(({ overloadedPctAtEqualCost: other, policy }) => {
    const own = overloadOf(policy);
    return other !== undefined && own !== undefined && other > own && number(other) !== number(own);
  });
  const cheap = compared.filter(({ overloadedPctAtEqualCost: other }) => other !== undefined);
  if (cheap.length > 0) {
    sentences.push(
      `At the same cost ${better.length} of the ${cheap.length} others that get by with it are overloaded more.`,
    );
  }
  return `Over ${duration(days)}: ${sentences.join(' ')}`;
}
