/** What a backtest says in a terminal: the answer in one line, how far to believe it, then the figures. Nothing here prints. */
import CliTable from 'cli-table3';
import colors from 'picocolors';
import type { Backtested } from '../../report/backtest/backtested.ts';
import { answerOf, dollars, fidelityOf, fidelityParts, limitsOf, minutesOf } from '../../report/backtest/words.ts';
import { number } from '../../report/words.ts';
import type { Comparison, SideFigures } from '../../sim/backtest/backtest.ts';
import { LEAST_FIDELITY } from '../../sim/backtest/fidelity.ts';
import { sparklines } from './spark.ts';

/** What is left to somebody whose history cannot be ranked. */
const INSTEAD =
  'The policy can be watched instead: in mode shadow it decides beside the service, and schmitt simulate plays it over the load that --load FILE keeps of this history.';

export function reportText(told: Backtested): string {
  const { outcome } = told;
  const head = [colors.bold(answerOf(told)), fidelityOf(told), ...parts(told)];
  if (outcome.kind === 'refused') return [...head, INSTEAD].join('\n');
  const { comparison } = outcome;
  const lines = sparklines(comparison.played.replay.rows);
  const limits = limitsOf(told).map(([term, words]) => `${colors.dim(`${term}:`)} ${words}`);
  return [...head, '', ...lines, '', table(told, comparison), '', ...limits].join('\n');
}

export function refusal(why: string): string {
  return `Not ranked: ${why}.`;
}

function parts({ outcome: { fidelity } }: Backtested): readonly string[] {
  if (fidelity === null) return [];
  return fidelityParts(fidelity).map(([term, value, meaning]) => colors.dim(`  ${term}: ${value}, ${meaning}`));
}

function table(
  { price: { dollarsPerHour: price } }: Backtested,
  { policy, real, model, days, overloaded }: Comparison,
): string {
  const made = new CliTable({
    style: { head: [], border: [], compact: true },
    head: ['', 'cost', 'overloaded', 'task-hours', 'changes a day'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  const row = (name: string, { taskHours, overloadedMinutes, changes }: SideFigures, known: boolean) => [
    name,
    dollars(taskHours * price),
    known ? minutesOf(overloadedMinutes) : 'unknown',
    number(taskHours),
    number(changes / days),
  ];
  made.push(row(colors.bold('this policy'), policy, overloaded !== undefined));
  made.push(row('really', real, overloaded !== undefined));
  made.push(row('model of what scaled it', model, overloaded !== undefined));
  return made.toString();
}

/** The fields scripts may rely on, in this order. `runs` is empty where nothing is ranked. */
export function reportJson({ history, outcome, price }: Backtested): string {
  const { cluster, service, from, to, tasksFrom } = history;
  const { scaledBy, fidelity } = outcome;
  const ranked = outcome.kind === 'ranked';
  const run = (name: string, { taskHours, overloadedMinutes, changes }: SideFigures, days: number) => ({
    ...{ name, taskHours, dollars: taskHours * price.dollarsPerHour, overloadedMinutes, changesPerDay: changes / days },
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
          dollarsPerTaskHour: price.dollarsPerHour,
          priceFrom: price.why,
          runs: (['policy', 'real', 'model'] as const).map((name) => run(name, compared[name], compared.days)),
        }),
  });
}
