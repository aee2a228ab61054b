/** What a run says, as strings. Nothing here prints. */
import CliTable from 'cli-table3';
import colors from 'picocolors';
import type { LedgerEntry } from '../loop/ports.ts';
import type { EpochMs } from '../policy/policy.ts';
import { duration, number, percent } from '../report/words.ts';
import type { Summary } from './start-command.ts';

const DAY_MS = 86_400_000;

/** `Mon 08:14`, in UTC; with the date where a weekday would not say which week. */
export function moment(at: EpochMs, runStartsAt: EpochMs): string {
  const text = new Date(at).toUTCString();
  const clock = text.slice(17, 22);
  return at - runStartsAt < 7 * DAY_MS ? `${text.slice(0, 3)} ${clock}` : `${text.slice(5, 11)} ${clock}`;
}

/** A decision that changed something, tried to, or would have. */
export function isNews({ outcome }: LedgerEntry): boolean {
  return outcome !== 'held';
}

export function decisionLine(entry: LedgerEntry, runStartsAt: EpochMs): string {
  const { cluster, service, decision, outcome, sentence, error, at } = entry;
  const head = `${decision.from} → ${decision.to}`;
  const rest = sentence.startsWith(head) ? sentence.slice(head.length) : `: ${sentence}`;
  const paint = decision.to > decision.from ? colors.yellow : colors.cyan;
  const trouble = outcome === 'changed' ? '' : colors.red(` [${outcome}${error === undefined ? '' : `: ${error}`}]`);
  const where = colors.dim(`${moment(at, runStartsAt)}  ${cluster}/${service}`);
  return `${where}  ${paint(colors.bold(head))}${rest}${trouble}`;
}

/** For terminals that keep every line: a bar would fill the log. */
export function progressLine(done: number, now: EpochMs, runStartsAt: EpochMs, elapsedMs: number): string {
  const left = done === 0 ? '' : `, ${seconds((elapsedMs * (1 - done)) / done)} left`;
  return `${String(Math.floor(done * 100)).padStart(3)} %  ${moment(now, runStartsAt)}${left}`;
}

export function startLine(summary: Pick<Summary, 'trace' | 'days'>, service: string, ticks: number): string {
  return `${colors.bold(summary.trace)} on ${colors.bold(service)}: ${duration(summary.days)} of virtual time, ${ticks.toLocaleString('en-US')} ticks`;
}

export function summaryTable(summary: Summary): string {
  const table = new CliTable({
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'left'],
  });
  const cost = summary.costRatio === null ? '–' : number(summary.costRatio);
  table.push(
    ['Overloaded', percent(summary.overloadedPct), 'of the requests came above the capacity in service'],
    ['Cost', cost, 'times the task-seconds of the clairvoyant oracle'],
    ['Changes', number(summary.changesPerDay), 'a day'],
    ['Reversals', number(summary.reversalsPerDay), 'a day: the opposite change within 30 minutes'],
    ['Scale outs', String(summary.scaleOuts), `in ${summary.ticks.toLocaleString('en-US')} ticks`],
    ['Scale ins', String(summary.scaleIns), ''],
    ['Gaps', String(summary.gapMinutes), 'minutes without a value in the trace, not scored'],
  );
  return table.toString();
}

/** The fields scripts may rely on, in this order. */
export function summaryJson(summary: Summary): string {
  const { trace, days, ticks, scaleOuts, scaleIns, overloadedPct, costRatio, changesPerDay, reversalsPerDay, page } =
    summary;
  return JSON.stringify({
    trace,
    days,
    ticks,
    scaleOuts,
    scaleIns,
    overloadedPct,
    costRatio,
    changesPerDay,
    reversalsPerDay,
    page,
  });
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 90 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
