/** The results as scripts read them. */
import { FIGURES, type Sheet } from './figures.ts';

/** One object for one load; a list for several, their macro-average last. */
export function sheetsJson(sheets: readonly Sheet[]): string {
  const objects = sheets.map(({ trace, days, rows }) => ({
    trace,
    days,
    runs: rows.map(({ name, figures }) => ({
      name,
      ...Object.fromEntries(FIGURES.map((figure) => [figure, figures[figure]])),
    })),
  }));
  return JSON.stringify(objects.length === 1 ? objects[0] : objects);
}
