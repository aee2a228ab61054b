/** What a backtest says, as strings: the fidelity first, and figures only where it allows them. Nothing here prints. */
import CliTable from 'cli-table3';
import { number, percent } from '../../report/words.ts';
import type { Backtest, Comparison, SideFigures } from '../../sim/backtest/backtest.ts';
import { type Fidelity, LEAST_FIDELITY } from '../../sim/backtest/fidelity.ts';
import type { History } from '../../sim/backtest/history.ts';

export interface Told {
  readonly history: History;
  readonly outcome: Backtest;
  readonly dollarsPerTaskHour: number;
}

const DAY_MS = 86_400_000;
const HOURS_A_MONTH = 730;

export function reportText(told: Told): string {
  const { outcome } = told;
  const head = [headLine(told.history), fidelityLine(outcome)];
  if (outcome.kind === 'refused') return [...head, refusal(outcome.why)].join('\n');
  const { comparison } = outcome;
  return [...head, '', table(told, comparison), '', verdict(told, comparison), ...notes(told, comparison)].join('\n');
}

export function refusal(why: string): string {
  return `Not ranked: ${why}.`;
}

function headLine({ cluster, service, from, to }: History): string {
  const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `${cluster}/${service}, ${day(from)} to ${day(to)} UTC (${number((to - from) / DAY_MS)} days)`;
}

function fidelityLine({ fidelity, scaledBy }: Backtest): string {
  const needed = `${share(LEAST_FIDELITY)} is needed to rank`;
  if (fidelity === null) return `Fidelity unknown: what scaled the service cannot be replayed; ${needed}.`;
  return `Fidelity ${share(fidelity.score)}: ${scaledBy}, replayed on the same signals, against the counts that really were (${partsOf(fidelity)}); ${needed}.`;
}

function partsOf({ counts, changes, agreement, realChanges, modelChanges }: Fidelity): string {
  return [
    `counts ${share(counts)}`,
    `moments of the changes ${share(changes)}`,
    ...(agreement === undefined ? [] : [`both records of the tasks ${share(agreement)}`]),
    `${realChanges} real changes, ${modelChanges} of the model`,
  ].join(', ');
}

function share(value: number): string {
  return percent(Math.round(100 * Math.max(0, value)));
}

function table({ dollarsPerTaskHour: price }: Told, { policy, real, model, days, overloaded }: Comparison): string {
  const made = new CliTable({
    style: { head: [], border: [], compact: true },
    head: ['', 'task-hours', 'cost', 'overloaded', 'changes a day'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  const row = (name: string, { taskHours, overloadedMinutes, changes }: SideFigures, known: boolean) => [
    name,
    number(taskHours),
    dollars(taskHours * price),
    known ? `${number(overloadedMinutes)} min` : 'unknown',
    number(changes / days),
  ];
  made.push(row('this policy', policy, overloaded !== undefined));
  made.push(row('really', real, overloaded !== undefined));
  made.push(row('model of what really scaled it', model, true));
  return made.toString();
}

/** One sentence for the impatient. */
function verdict({ dollarsPerTaskHour: price }: Told, { policy, real, days, overloaded }: Comparison): string {
  const hours = policy.taskHours - real.taskHours;
  const monthly = dollars((Math.abs(hours) * price * HOURS_A_MONTH) / (24 * days));
  const part = real.taskHours === 0 ? 0 : Math.abs(hours / real.taskHours);
  const cost = `This policy would have used ${percent(100 * part)} ${hours > 0 ? 'more' : 'fewer'} task-hours, about ${monthly} a month ${hours > 0 ? 'more' : 'less'}`;
  if (overloaded === undefined) return `${cost}; it reads nothing that tells overload.`;
  const minutes = policy.overloadedMinutes - real.overloadedMinutes;
  const more = `${number(Math.abs(minutes))} minutes ${minutes > 0 ? 'more' : 'fewer'} overloaded (${overloaded})`;
  return `${cost}, and would have been ${minutes === 0 ? `as long overloaded (${overloaded})` : more}.`;
}

function notes({ history, dollarsPerTaskHour }: Told, comparison: Comparison): readonly string[] {
  const { cappedMinutes, days, knownDays, modelled } = comparison;
  const found = [`At $${number(dollarsPerTaskHour)} a task-hour (--price).`];
  if (cappedMinutes > 0) {
    found.push(
      `For ${number(cappedMinutes)} minutes the real tasks were full: there the demand is a lower bound, and so are the overloads of the policy and of the model.`,
    );
  }
  if (history.tasksFrom === 'sampleCount') {
    found.push(
      'Container Insights is off: tasks come from the samples of the CPU, and the desired count is not known.',
    );
  }
  if (knownDays < 0.95 * days) found.push(`The load was known ${percent((100 * knownDays) / days)} of the time.`);
  for (const [signal, how] of Object.entries(modelled)) found.push(`${signal} is modelled: ${how}.`);
  return found;
}

function dollars(value: number): string {
  return value < 10 ? `$${value.toFixed(2)}` : `$${Math.round(value).toLocaleString('en-US')}`;
}

/** The fields scripts may rely on, in this order. `runs` is empty where nothing is ranked. */
export function reportJson({ history, outcome, dollarsPerTaskHour: price }: Told): string {
  const { cluster, service, from, to, tasksFrom } = history;
  const { scaledBy, fidelity } = outcome;
  const ranked = outcome.kind === 'ranked';
  const run = (name: string, { taskHours, overloadedMinutes, changes }: SideFigures, days: number) => ({
    ...{ name, taskHours, dollars: taskHours * price, overloadedMinutes, changesPerDay: changes / days },
  });
  const compared = ranked ? outcome.comparison : undefined;
  return JSON.stringify({
    service: `${cluster}/${service}`,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...{ tasksFrom, scaledBy, fidelity, leastFidelity: LEAST_FIDELITY, ranked },
    ...(ranked ? {} : { why: outcome.why }),
    ...(compared === undefined
      ? { runs: [] }
      : {
          days: compared.days,
          overloaded: compared.overloaded ?? null,
          cappedMinutes: compared.cappedMinutes,
          runs: (['policy', 'real', 'model'] as const).map((name) => run(name, compared[name], compared.days)),
        }),
  });
}
