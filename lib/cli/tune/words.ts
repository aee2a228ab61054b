/** The findings in words. Nothing here prints. */
import { duration, number, percent } from '../../report/words.ts';
import type { Sheet } from '../simulate/figures.ts';
import type { Finding, Findings } from './findings.ts';
import { NOW, type Variant } from './variants.ts';
import { differences } from './vary.ts';

export function leadOf({ days, rows }: Sheet, { now, cheaper, calmer }: Findings): string {
  const tried = rows.length - 1;
  if (now === undefined) return `Over ${duration(days)} the oracle needed no tasks, so nothing has a cost to compare.`;
  const sentences = [
    `Over ${duration(days)} the policy costs ${number(now.cost)} times the oracle, and ${percent(now.overload)} of the requests come above its capacity.`,
    `Of ${tried} variants ${cheaper === undefined ? 'none is cheaper without more overload' : `${cheaper.row.name} is the cheapest without more overload: ${figures(cheaper)}`}.`,
  ];
  if (calmer !== undefined && calmer !== cheaper)
    sentences.push(`${calmer.row.name} is the least overloaded at no more cost: ${figures(calmer)}.`);
  return sentences.join(' ');
}

function figures({ cost, overload }: Finding): string {
  return `${number(cost)} times the oracle, ${percent(overload)} overloaded`;
}

/** What an operator would write differently for a finding, a line each. */
export function changesFor(finding: Finding, variants: readonly Variant[]): readonly string[] {
  const now = variants.find(({ name }) => name === NOW);
  const own = variants.find(({ name }) => name === finding.row.name);
  if (now === undefined || own === undefined) return [];
  return [`${finding.row.name}:`, ...differences(now.policy, own.policy).map((line) => `  ${line}`)];
}

/** The same as a sentence for each suggestion. */
export function writeWords({ cheaper, calmer }: Findings, variants: readonly Variant[]): readonly string[] {
  const suggested = [...new Set([cheaper, calmer])].filter((finding) => finding !== undefined);
  return suggested.flatMap((finding) => {
    const [, ...lines] = changesFor(finding, variants);
    return lines.length === 0 ? [] : [`For ${finding.row.name} write ${lines.map((line) => line.trim()).join('; ')}.`];
  });
}
