/** Everything a run needs before anything is played: the service, its loads, and what all runs on them have in common. */
import type { Scenario } from '../../sim/play/scenario.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import type { Entrant } from './contenders.ts';
import { interrupted } from './interrupted.ts';
import { type NamedLoad, readLoads } from './loads.ts';
import type { RunOptions } from './options.ts';
import { type LoadResult, playEverything, scenariosOf } from './play-all.ts';
import { progressOn } from './progress.ts';
import { refuseUnplayed, type Subject, subjectOf } from './subject.ts';

export interface Stage {
  readonly subject: Subject;
  readonly loads: readonly NamedLoad[];
  readonly scenarios: readonly Scenario[];
}

/** The service is as the first policy has it. Throws `BadInput`. */
export async function stageFor(
  policies: readonly [PolicyPlayed, ...PolicyPlayed[]],
  options: RunOptions,
): Promise<Stage> {
  const [{ policy }] = policies;
  const subject = subjectOf(policy, options);
  const loads = await readLoads(options, subject);
  const scenarios = scenariosOf(loads, policy, subject, options);
  for (const one of policies) for (const scenario of scenarios) refuseUnplayed(one, scenario);
  return { subject, loads, scenarios };
}

/** More points of a line than a screen has pixels. */
const PICTURE_POINTS = 30 * 24 * 60;

/** Shows how far it has come on `stderr`; rejects after Ctrl-C. */
export async function playOn(
  { loads, scenarios }: Stage,
  entrants: readonly Entrant[],
  options: RunOptions,
  stderr: NodeJS.WritableStream,
): Promise<readonly LoadResult[]> {
  const progress = progressOn(stderr, 'runs');
  const picturePoints = options.html === undefined ? {} : { picturePoints: PICTURE_POINTS };
  try {
    return await interrupted((abort) => {
      const onProgress = (done: number, of: number) => progress.update(done, of);
      return playEverything(loads, scenarios, entrants, { ...options, ...picturePoints }, { onProgress, abort });
    });
  } finally {
    progress.end();
  }
}
