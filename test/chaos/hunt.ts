/** Looks for the run in which a mutant is found out. */
import { MUTANTS, type Mutant } from './mutants.ts';
import { type Checked, check } from './property.ts';
import { storyOf } from './story.ts';

export interface Hunted extends Checked {
  readonly mutant: Mutant;
}

const SEED = 1;
const MOST_RUNS = 20_000;

export async function hunt(mutant: Mutant, runs = MOST_RUNS, makesSmall = true, seed = SEED): Promise<Hunted> {
  const { diesOf, breaks } = mutant;
  const counts = ({ invariant }: { readonly invariant: string }) => invariant === diesOf;
  return { mutant, ...(await check({ runs, seed, breaks, counts, makesSmall })) };
}

export async function huntAll(): Promise<readonly Hunted[]> {
  const hunted: Hunted[] = [];
  for (const mutant of MUTANTS) hunted.push(await hunt(mutant));
  return hunted;
}

export function reportOf({ mutant, runs, seed, death }: Hunted): readonly string[] {
  const title = `${mutant.name}: ${mutant.does}`;
  if (death === undefined) return [title, `  lives: ${runs} runs of seed ${seed} saw nothing`, ''];
  return [
    title,
    `  dies of ${mutant.diesOf} in run ${death.inRun} of seed ${seed}; made small:`,
    ...storyOf(death.run).map((line) => `    ${line}`),
    ...death.violations.slice(0, 1).map(({ sentence }) => `  ${sentence}`),
    '',
  ];
}
