/** The gate: a condition over the figures of a run, in the language of the policies. */
import { BadInput } from '../../policy/bad-input.ts';
import { checkCondition } from '../../policy/cel.ts';
import { type Condition, compileCondition } from '../../policy/condition.ts';
import { TRUE, UNKNOWN } from '../../policy/ternary.ts';
import { number } from '../../report/words.ts';
import { FIGURES, type FigureName, type Row, type Sheet } from './figures.ts';

/** Throws `BadInput` where it is no condition over the figures. */
export function gateOf(source: string): Condition {
  const checked = checkCondition(source, FIGURES);
  if (checked.kind === 'ok') {
    const gate = compileCondition(source, FIGURES);
    const fault = faultOf(gate);
    if (fault === undefined) return gate;
    throw new BadInput(`--fail-if '${source}': ${fault}.`);
  }
  const sentence = checked.sentence
    .replace('no signal is called', 'no figure is called')
    .replace('the signals are', 'the figures are');
  throw new BadInput(`--fail-if '${source}': ${sentence}.`);
}

/** What would say the same of every run, or nothing of any. */
function faultOf({ source, signals }: Condition): string | undefined {
  if (signals.length === 0) return "it names no figure; compare one with a number, as in 'overloadedPct > 0.5'";
  // All functions of the language are over windows.
  return /\w\s*\(/.test(source) ? 'figures have no history; compare them with numbers only' : undefined;
}

/** One sentence for each run that the gate stops. Throws `BadInput` where a figure it needs cannot be said. */
export function stopped(gate: Condition, sheets: readonly Sheet[], isGated: (row: Row) => boolean): readonly string[] {
  return sheets.flatMap(({ trace, rows }) =>
    rows.filter(isGated).flatMap((row) => {
      const verdict = gate.evaluate({ ...NOWHERE, values: valuesOf(row) });
      if (verdict === UNKNOWN) throw new BadInput(unknownIn(gate, row, trace));
      if (verdict !== TRUE) return [];
      return [`${row.name} on ${trace} fails '${gate.source}': ${seen(gate, row)}.`];
    }),
  );
}

/** Figures have no history, so that functions over windows know nothing. */
const NOWHERE = { cell: 0, cellMs: 60_000, window: { now: 0, series: {}, witness: () => false } } as const;

function valuesOf({ figures }: Row): Readonly<Record<string, number>> {
  return Object.fromEntries(FIGURES.map((figure) => [figure, figures[figure] ?? Number.NaN]));
}

/** Rounded, unless the rounded figures would have passed. */
function seen(gate: Condition, { figures }: Row): string {
  const rounded = Object.fromEntries(FIGURES.map((figure) => [figure, roundedOf(figures[figure])]));
  const isTold = gate.evaluate({ ...NOWHERE, values: rounded }) === TRUE;
  const words = (value: number | null) => (value === null ? 'not known' : isTold ? number(value) : String(value));
  return gate.signals.map((name) => `${name} is ${words(figures[name as FigureName])}`).join(', ');
}

function roundedOf(value: number | null): number {
  return value === null ? Number.NaN : Number(number(value).replaceAll(',', ''));
}

const WHY_UNKNOWN: Partial<Readonly<Record<FigureName, string>>> = {
  costRatio: 'the oracle needs no task for this load',
  reactionSecondsP50: 'the load has no step',
  reactionSecondsP95: 'the load has no step',
};

function unknownIn({ source, signals }: Condition, { name, figures }: Row, trace: string): string {
  const missing = signals.find((signal) => figures[signal as FigureName] === null) as FigureName | undefined;
  if (missing === undefined) {
    return `--fail-if '${source}': what it computes of ${name} on ${trace} is no number, such as a division by zero; compare figures with numbers.`;
  }
  return `--fail-if '${source}': ${missing} of ${name} on ${trace} is not known, because ${WHY_UNKNOWN[missing]}; take it out of the condition or give another load.`;
}
