/** Kinds of workload. Results are averaged within a family first, so that five traces of one kind do not outvote one of another. */

export const FAMILIES = ['seasons', 'flash crowds', 'bursts', 'level shifts', 'outages'] as const;
export type Family = (typeof FAMILIES)[number];

/** The first that matches, by the words in which a trace's character is described; without any of them it has its seasons and nothing else. */
const WORDS: readonly (readonly [Family, RegExp])[] = [
  ['flash crowds', /flash crowd/i],
  ['outages', /outage|dropout/i],
  ['bursts', /burst|on\/off|autocorrelation|sawtooth/i],
  ['level shifts', /step|level (shift|drop)/i],
];

export function familyOf(character: string): Family {
  return WORDS.find(([, words]) => words.test(character))?.[0] ?? 'seasons';
}

export interface FamilyValue {
  readonly family: string;
  readonly value: number;
}

export interface MacroAverage {
  /** Of the families' means. */
  readonly mean: number;
  /** The family with the largest mean, and that mean. */
  readonly worst: FamilyValue;
  readonly families: readonly FamilyValue[];
}

/** Undefined without a value. */
export function macroAverage(values: readonly FamilyValue[]): MacroAverage | undefined {
  const names = [...new Set(values.map(({ family }) => family))];
  const families = names.map((family) => {
    const own = values.filter((one) => one.family === family);
    return { family, value: own.reduce((sum, { value }) => sum + value, 0) / own.length };
  });
  const [first] = families;
  if (first === undefined) return undefined;
  return {
    mean: families.reduce((sum, { value }) => sum + value, 0) / families.length,
    worst: families.reduce((worst, one) => (one.value > worst.value ? one : worst), first),
    families,
  };
}
