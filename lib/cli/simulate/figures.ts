/** The figures of the table and of the JSON: one of each a scaler and load, over all seeds, with how sure they are. */
import type { RunScores } from '../../sim/play/recorder.ts';
import { macroAverage } from '../../sim/scoring/families.ts';
import { bootstrap, type Interval } from '../../sim/scoring/interval.ts';
import type { LoadResult, Result } from './play-all.ts';

/** In the order of the JSON. */
export const FIGURES = [
  'overloadedPct',
  'overSloPct',
  'costRatio',
  'changesPerDay',
  'reversalsPerDay',
  'reactionSecondsP50',
  'reactionSecondsP95',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** Null: it cannot be said, such as a cost ratio where the oracle needs nothing. */
export type Figures = Readonly<Record<FigureName, number | null>>;

/** One row of the table. */
export interface Row {
  readonly name: string;
  readonly group: string;
  readonly shown: boolean;
  readonly setting?: number;
  readonly figures: Figures;
  /** Over the seeds; only where there is more than one. */
  readonly intervals: Partial<Readonly<Record<FigureName, Interval>>>;
}

export interface Sheet {
  readonly trace: string;
  readonly days: number;
  readonly rows: readonly Row[];
}

const MACRO_AVERAGE = 'macro-average';

export function sheetOf({ named, results }: LoadResult): Sheet {
  return { trace: named.name, days: results[0]?.scores[0]?.days ?? 0, rows: results.map(rowOf) };
}

function rowOf({ entrant, scores }: Result): Row {
  const { contender, group, shown, setting } = entrant;
  const intervals = scores.length > 1 ? eachFigure((figure) => bootstrap(known(scores, figure))) : {};
  return {
    name: contender.name,
    group,
    shown,
    ...(setting === undefined ? {} : { setting }),
    figures: figuresOf((figure) => meanOf(known(scores, figure))),
    intervals,
  };
}

/** Families count alike; the days are those of all loads together. */
export function macroSheet(sheets: readonly Sheet[], families: readonly string[]): Sheet {
  const rows = (sheets[0]?.rows ?? []).map((row, place): Row => {
    const figures = figuresOf((figure) => {
      const values = sheets.flatMap((sheet, index) => {
        const value = sheet.rows[place]?.figures[figure];
        return value === null || value === undefined ? [] : [{ family: families[index] ?? '', value }];
      });
      return macroAverage(values)?.mean ?? null;
    });
    return { ...row, figures, intervals: {} };
  });
  return { trace: MACRO_AVERAGE, days: sheets.reduce((sum, { days }) => sum + days, 0), rows };
}

function known(scores: readonly RunScores[], figure: FigureName): readonly number[] {
  return scores.flatMap((one) => (one[figure] === null ? [] : [one[figure]]));
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function figuresOf(of: (figure: FigureName) => number | null): Figures {
  return Object.fromEntries(FIGURES.map((figure) => [figure, of(figure)])) as unknown as Figures;
}

function eachFigure(of: (figure: FigureName) => Interval | undefined): Partial<Record<FigureName, Interval>> {
  return Object.fromEntries(FIGURES.flatMap((figure) => (of(figure) === undefined ? [] : [[figure, of(figure)]])));
}
