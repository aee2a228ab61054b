/** What two runs on two signals have shown, for the page and for scripts. */
import { quantileSorted } from 'simple-statistics';
import { nameText } from '../policy/service-name.ts';
import type { Cell, Comparison, Entry } from '../report/comparison/comparison.ts';
import { duration, number } from '../report/words.ts';
import type { Recorded } from '../sim/play/recorder.ts';
import type { Scenario } from '../sim/play/scenario.ts';
import type { PolicyPlayed } from './policy-file.ts';
import { assumptionsOf } from './simulate/assumptions.ts';
import type { SignalName } from './start-options.ts';

/** One run. */
export interface Side {
  readonly name: string;
  readonly policy: PolicyPlayed;
  readonly ticks: number;
  readonly recorded: Recorded;
  /** Seconds from each step of the load to the change that answered it; null where none did. */
  readonly answered: readonly (number | null)[];
}

export interface Difference {
  readonly signal: SignalName;
  readonly scenario: Scenario;
  /** CPU at 60 seconds, and the signal. */
  readonly sides: readonly Side[];
  readonly seed: number;
  readonly tasksAtP95: number;
  /** Path of the page. */
  readonly page: string;
}

/** Of the steps that were answered; null where none was. */
export function answeredSeconds({ answered }: Side, quantile: number): number | null {
  const sorted = answered.filter((seconds) => seconds !== null).sort((a, b) => a - b);
  return sorted.length === 0 ? null : quantileSorted(sorted, quantile);
}

/** The fields scripts may rely on, in this order. */
export function differenceJson({ scenario, sides, page }: Difference): string {
  const { load } = scenario.plant;
  return JSON.stringify({
    trace: load.name,
    steps: scenario.steps.length,
    runs: sides.map((side) => {
      const { overloadedPct, overSloPct, costRatio, scaleOuts, scaleIns, ...scores } = side.recorded.scores;
      return {
        name: side.name,
        ticks: side.ticks,
        answered: side.answered.filter((seconds) => seconds !== null).length,
        answeredSecondsP50: answeredSeconds(side, 0.5),
        answeredSecondsP95: answeredSeconds(side, 0.95),
        enoughTasksSecondsP50: scores.reactionSecondsP50,
        enoughTasksSecondsP95: scores.reactionSecondsP95,
        ...{ overloadedPct, overSloPct, costRatio, scaleOuts, scaleIns },
      };
    }),
    page,
  });
}

const COLUMNS: readonly {
  readonly title: string;
  readonly unit: string;
  readonly of: (side: Side) => number | null;
}[] = [
  { title: 'Answered', unit: 'seconds, median', of: (side) => answeredSeconds(side, 0.5) },
  { title: 'Answered', unit: '95th pct.', of: (side) => answeredSeconds(side, 0.95) },
  { title: 'Enough tasks', unit: 'seconds, median', of: ({ recorded }) => recorded.scores.reactionSecondsP50 },
  { title: 'Enough tasks', unit: '95th pct.', of: ({ recorded }) => recorded.scores.reactionSecondsP95 },
  { title: 'Overloaded', unit: '% of requests', of: ({ recorded }) => recorded.scores.overloadedPct },
  { title: 'Cost', unit: '× oracle', of: ({ recorded }) => recorded.scores.costRatio },
  { title: 'Changes', unit: '', of: ({ recorded: { scores } }) => scores.scaleOuts + scores.scaleIns },
];

export function comparisonOf(difference: Difference): Comparison {
  const { scenario, sides, signal } = difference;
  const { capacityPerTask, load } = scenario.plant;
  const [first] = sides;
  const scene = {
    trace: load.name,
    lead: leadOf(difference),
    columns: COLUMNS.map(({ title, unit }) => ({ title, unit })),
    entries: sides.map((side) => entryOf(side, side.name === signal)),
    front: [],
    answers: sides.map((side) => ({ name: side.name, isPolicy: side.name === signal, seconds: side.answered })),
    capacityPerTask,
    bounds: scenario.capacity,
  };
  return {
    kicker: `Schmitt on CPU at 60 seconds, and on ${signal}`,
    service: first === undefined ? '' : nameText(first.policy.policy),
    scenes: [scene],
    policies: sides.map(({ policy: { file, text } }) => ({ file, text })),
    assumptions: assumptionsOf({ ...difference, seeds: 1 }, scenario),
  };
}

function entryOf(side: Side, isPolicy: boolean): Entry {
  const cells = COLUMNS.map(({ of }): Cell => {
    const value = of(side);
    return { value: value === null ? '–' : number(value) };
  });
  const { picture } = side.recorded;
  const drawn = picture === undefined ? {} : { picture };
  return { name: side.name, isPolicy, cells, ...drawn, policy: side.policy.policy };
}

function leadOf({ scenario, sides }: Difference): string {
  const { load } = scenario.plant;
  const days = (load.endsAt - load.startsAt) / 86_400_000;
  const count = scenario.steps.length;
  if (count === 0) return `Over ${duration(days)} the load has no step, so nothing can be said of reactions.`;
  const each = sides.map((side) => {
    const median = answeredSeconds(side, 0.5);
    const { overloadedPct } = side.recorded.scores;
    const soon =
      median === null ? 'answered none of them' : `answered them after ${Math.round(median)} s in the median`;
    return `${side.name} ${soon}, and ${number(overloadedPct)} % of the requests came above the capacity in service`;
  });
  return `Over ${duration(days)} the load stepped up ${count} times. ${each.join('. ')}.`;
}
