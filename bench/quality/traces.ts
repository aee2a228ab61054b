/** The traces of a folder with an `index.json`, cut to what is played and sized to a fleet. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MOST_TASKS } from '../../lib/policy/document/fields.ts';
import { type Scenario, scenarioOf } from '../../lib/sim/play/scenario.ts';
import { type Family, familyOf } from '../../lib/sim/scoring/families.ts';
import { readTrace, scaleLoad } from '../../lib/sim/trace.ts';

export interface Listed {
  readonly name: string;
  readonly file: string;
  readonly family: Family;
  /** Those that are played and scored. */
  readonly days: number;
  /** Distance of its samples. */
  readonly intervalSeconds: number;
}

/** As `index.json` has them. */
interface Entry {
  readonly name: string;
  readonly file: string;
  readonly character: string;
  readonly days: number;
  readonly intervalSeconds: number;
}

export const FOLDER = process.env.TRACES_DIR ?? resolve(import.meta.dirname, '../..', '../shared/traces');

/** Undefined where there is no such folder. */
export function listed(folder: string = FOLDER): readonly Listed[] | undefined {
  const index = join(folder, 'index.json');
  if (!existsSync(index)) return undefined;
  const entries: readonly Entry[] = JSON.parse(readFileSync(index, 'utf8'));
  return entries.map(({ name, file, character, days, intervalSeconds }) => ({
    name,
    intervalSeconds,
    file: join(folder, file),
    family: familyOf(character),
    days: Math.min(SCORED_DAYS, days - WARM_DAYS),
  }));
}

const DAY_MS = 86_400_000;
const SCORED_DAYS = 14;
/** Nobody is scored before who learns has seen a week. */
const WARM_DAYS = 7;
const CAPACITY_PER_TASK = 100;
/** Room above what the busiest minute needs, so that nobody is held by the bound. */
const ROOM = 4;

/** The last 14 days of a trace after a week of warming up; of a short one what is left after the week. */
export async function scenarioFor({ file }: Listed, tasksAtP95: number): Promise<Scenario> {
  const whole = await readTrace(file);
  const days = Math.min(SCORED_DAYS + WARM_DAYS, Math.floor((whole.endsAt - whole.startsAt) / DAY_MS));
  const trace = await readTrace(file, { last: `${days}d` });
  const load = scaleLoad(trace, { tasksAtP95, capacityPerTask: CAPACITY_PER_TASK });
  const peak = load.values.reduce((most, rate) => (rate > most ? rate : most), 0);
  const max = Math.min(MOST_TASKS, Math.max(2, Math.ceil((ROOM * peak) / CAPACITY_PER_TASK)));
  return scenarioOf({
    load,
    capacity: { min: 1, max },
    capacityPerTask: CAPACITY_PER_TASK,
    scoredFrom: load.startsAt + WARM_DAYS * DAY_MS,
  });
}
