/** The difference between two signals for those who stay in the terminal. Nothing here prints. */
import CliTable from 'cli-table3';
import colors from 'picocolors';
import { number } from '../report/words.ts';
import { answeredSeconds, type Difference, type Side } from './signal-difference-page.ts';

const WIDTH = 72;
const LEVELS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const BAR_WIDTH = 48;

/** The load and the tasks in service under each signal over time, then how soon each step was answered, then the scores. */
export function differencePicture({ sides, scenario, signal }: Difference): string {
  const names = ['load', ...sides.map(({ name }) => name)];
  const pad = Math.max(...names.map((name) => name.length));
  return [...overTime(sides, pad), '', ...reactions(sides, scenario.steps.length, pad, signal), '', scores(sides)].join(
    '\n',
  );
}

function reactions(sides: readonly Side[], steps: number, pad: number, signal: string): readonly string[] {
  if (steps === 0) return ['The load has no step by which reactions could be told.'];
  const most = Math.max(1, ...sides.flatMap(({ answered }) => answered.filter((seconds) => seconds !== null)));
  return [
    `From ${steps === 1 ? 'the step' : `each of ${steps} steps`} of the load to the change that answered it, in seconds`,
    ...sides.flatMap((side) => bars(side, most, pad, side.name === signal)),
  ];
}

function overTime(sides: readonly Side[], pad: number): readonly string[] {
  const load = linesOf(sides[0], 'load');
  const most = Math.max(0, ...sides.flatMap((side) => linesOf(side, 'inService')));
  const tasks = sides.flatMap((side) => {
    const above = squeezed(linesOf(side, 'above')).map((value) => (value > 0 ? '▲' : ' '));
    return [
      `${side.name.padEnd(pad)}  ${chart(linesOf(side, 'inService'), most)}`,
      `${' '.repeat(pad)}  ${colors.red(above.join(''))}`,
    ];
  });
  return [
    `Load and tasks in service, up to ${most}; ▲ where requests came above their capacity`,
    `${'load'.padEnd(pad)}  ${chart(load, Math.max(0, ...load))}`,
    ...tasks,
  ];
}

function linesOf(side: Side | undefined, column: 'load' | 'inService' | 'above'): readonly number[] {
  return Array.from(side?.recorded.picture?.columns.values[column] ?? [], (value) => (Number.isNaN(value) ? 0 : value));
}

/** As many columns as there is room for, each the largest of its stretch. */
function squeezed(values: readonly number[]): readonly number[] {
  const columns = Math.min(WIDTH, values.length);
  return Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * values.length) / columns);
    const to = Math.floor(((i + 1) * values.length) / columns);
    return Math.max(...values.slice(from, to));
  });
}

function chart(values: readonly number[], most: number): string {
  const top = LEVELS.length - 1;
  return squeezed(values)
    .map((value) => LEVELS[most === 0 ? 0 : Math.round((value / most) * top)] ?? ' ')
    .join('');
}

function bars({ name, answered }: Side, most: number, pad: number, isNew: boolean): readonly string[] {
  const paint = isNew ? colors.green : colors.yellow;
  return answered.map((seconds, step) => {
    const head = (step === 0 ? name : '').padEnd(pad);
    if (seconds === null) return `${head}  not answered before the next`;
    const length = Math.max(1, Math.round((seconds / most) * BAR_WIDTH));
    return `${head}  ${paint('█'.repeat(length))} ${Math.round(seconds)}`;
  });
}

function scores(sides: readonly Side[]): string {
  const table = new CliTable({
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    head: ['', 'Answered', '', 'Enough tasks', '', 'Overloaded', 'Cost'],
  });
  table.push(['', 'median', '95th pct.', 'median', '95th pct.', '% of requests', '× oracle'].map(colors.dim));
  for (const side of sides) table.push([side.name, ...cells(side)]);
  return table.toString();
}

function cells(side: Side): readonly string[] {
  const { reactionSecondsP50, reactionSecondsP95, overloadedPct, costRatio } = side.recorded.scores;
  const seconds = (value: number | null) => (value === null ? '–' : `${Math.round(value)} s`);
  return [
    seconds(answeredSeconds(side, 0.5)),
    seconds(answeredSeconds(side, 0.95)),
    seconds(reactionSecondsP50),
    seconds(reactionSecondsP95),
    number(overloadedPct),
    costRatio === null ? '–' : number(costRatio),
  ];
}
