/** A sweep as a page: every variant's cost against its overload, and the runs of the best ones. */
import type { Scene } from '../../report/comparison/comparison.ts';
import { renderComparisonPage } from '../../report/comparison/page.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import { assumptionsOf } from '../simulate/assumptions.ts';
import { comparisonOf } from '../simulate/comparison-page.ts';
import { type Sheet, sheetOf } from '../simulate/figures.ts';
import type { RunOptions } from '../simulate/options.ts';
import type { LoadResult } from '../simulate/play-all.ts';
import { type Finding, type Findings, findingsOf } from './findings.ts';
import { NOW, type Variant } from './variants.ts';
import { leadOf, writeWords } from './words.ts';

export interface Tuned {
  readonly options: RunOptions;
  readonly played: PolicyPlayed;
  /** Of all variants. */
  readonly results: readonly LoadResult[];
  /** Of those that are drawn. */
  readonly pictured: readonly LoadResult[];
  readonly variants: readonly Variant[];
}

export function tunePage({ options, played, results, pictured, variants }: Tuned): string {
  const [first] = pictured;
  const assumptions = first === undefined ? [] : assumptionsOf(options, first.scenario);
  const all = new Map(results.map((result) => [result.named.name, sheetOf(result)]));
  const say = ({ trace }: Sheet): Pick<Scene, 'lead' | 'front'> => {
    const sheet = all.get(trace);
    if (sheet === undefined) return { lead: '', front: [] };
    const own = findingsOf(sheet);
    return { lead: [leadOf(sheet, own), ...writeWords(own, variants)].join(' '), front: frontLines(sheet, own) };
  };
  return renderComparisonPage(
    comparisonOf({
      results: pictured,
      policies: [played],
      assumptions,
      say,
      kicker: 'Schmitt tuned: a policy with other numbers, on the same load',
      noun: 'variant',
    }),
  );
}

function frontLines({ rows }: Sheet, { now, best }: Findings): Scene['front'] {
  const point = ({ row, cost, overload }: Finding) => ({ cost, overload, setting: row.name });
  const onFront = new Set(best.map(({ row }) => row.name));
  const others = rows.flatMap(({ name, figures: { costRatio, overloadedPct } }) => {
    if (onFront.has(name) || name === NOW || costRatio === null || overloadedPct === null) return [];
    return [{ cost: costRatio, overload: overloadedPct, setting: name }];
  });
  return [
    { name: 'now', isPolicy: true, joined: false, points: now === undefined ? [] : [{ ...point(now), setting: '' }] },
    { name: 'best variants', isPolicy: false, joined: true, points: best.map(point) },
    { name: 'other variants', isPolicy: false, joined: false, points: others },
  ];
}
