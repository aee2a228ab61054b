/** `schmitt shadow`: what our counts would have cost and where they would have been too few, against what really scaled the service. */
import { idlePercent } from '../../counterfactual/idle.ts';
import { INFERRED_WITHIN, type Tally } from '../../counterfactual/tally.ts';
import { BadInput } from '../../policy/bad-input.ts';
import { durationWords } from '../../policy/duration.ts';
import { number } from '../../policy/explain.ts';
import type { TaskPrice } from '../../report/backtest/backtested.ts';
import { givenPrice } from '../task-price.ts';
import type { Operator } from './operator.ts';
import { describeOne, serviceArgument } from './service-argument.ts';

const HOURS_A_MONTH = 730;
const DAY_SECONDS = 86_400;
/** Less of the time with known load than this is said. */
const WELL_KNOWN = 0.95;

/**
 * The whole answer, its first line the score in one sentence.
 * @param tally undefined: the service has no score
 */
export function shadowReport(service: string, tally: Tally | undefined, price: TaskPrice): string {
  if (tally === undefined || tally.watchedSeconds === 0) {
    return `${service} has no score yet: it is not in mode shadow, or its first two ticks have not come.`;
  }
  const { ours, theirs } = tally;
  const parts = [minutesClause(tally), hoursClause(tally, price.dollarsPerHour), modelledClause(tally)];
  return [
    `${service} over ${lengthWords(tally.watchedSeconds)}: ${parts.join('; ')}.`,
    `  Since ${new Date(tally.since).toISOString()}, last look ${new Date(tally.until).toISOString()}; the score begins again when the policy changes.`,
    `  Changes of the count: ours ${ours.changes}, theirs ${theirs.changes}. Now: ours ${ours.desired}, theirs ${theirs.desired}.`,
    `  A task-hour is ${price.why}.`,
    ...caveats(tally).map((caveat) => `  ${caveat}`),
  ].join('\n');
}

function minutesClause({ overloaded, judgedSeconds, ours, oursBetween, theirs }: Tally): string {
  if (overloaded === undefined) return 'minutes overloaded unknown, since the policy reads nothing that tells them';
  if (judgedSeconds === 0) return 'minutes overloaded unknown, since no load was known';
  const minutes = (seconds: number) => number(Math.round(seconds / 6) / 10);
  const { least, most } = oursBetween;
  const between = least === most ? '' : ` (${minutes(least)} to ${minutes(most)})`;
  const own = `ours ${minutes(ours.overloadedSeconds)}${between}`;
  return `minutes overloaded (${overloaded.words}) ${own}, theirs ${minutes(theirs.overloadedSeconds)}`;
}

function hoursClause({ watchedSeconds, ours, theirs }: Tally, price: number): string {
  const [own, other] = [ours.taskSeconds / 3600, theirs.taskSeconds / 3600];
  const share = other === 0 ? '' : ` (${signed((own / other - 1) * 100)} %)`;
  const monthly = (((own - other) * 3600) / watchedSeconds) * HOURS_A_MONTH * price;
  const money = `about ${dollars(Math.abs(monthly))} a month ${monthly > 0 ? 'more' : 'less'}`;
  return `task-hours ours ${hours(own)}, theirs ${hours(other)}${share}, ${money} at $${number(price)} per task-hour`;
}

function modelledClause({ modelled }: Tally): string {
  const notes = Object.entries(modelled).map(([signal, how]) => `${signal} (${how})`);
  return `modelled parts: ${notes.length === 0 ? 'none' : notes.join(', ')}`;
}

/** What a reader must know before believing the first line. */
function caveats(tally: Tally): readonly string[] {
  const { watchedSeconds, judgedSeconds, saturatedSeconds, overloaded, oursBetween } = tally;
  const found: string[] = [];
  if (oursBetween.least !== oursBetween.most)
    found.push(
      `In brackets: our minutes if the load on our tasks is ${100 * INFERRED_WITHIN} % less, or more, than inferred.`,
    );
  if (watchedSeconds < DAY_SECONDS) found.push('Less than a day: it does not show what a night or a morning asks for.');
  if (overloaded !== undefined && judgedSeconds < WELL_KNOWN * watchedSeconds)
    found.push(`The load was known ${number((100 * judgedSeconds) / watchedSeconds)} % of the time only.`);
  if (saturatedSeconds > 0) {
    found.push(
      `For ${durationWords(saturatedSeconds)} the real tasks were saturated: the load was at least what they showed, and the upper end in brackets counts every such minute.`,
    );
  }
  if (overloaded?.byCpu !== true) return found;
  if (idlePercent(tally.idle) === 0)
    found.push('Idle CPU is not told apart from work: beside a larger fleet our tasks look busier than they would be.');
  else found.push(`Idle CPU of a task, learned from its requests: ${number(idlePercent(tally.idle))} %.`);
  return found;
}

function lengthWords(seconds: number): string {
  const days = seconds / DAY_SECONDS;
  if (days < 2) return durationWords(seconds);
  return `${Number(days.toFixed(1))} days`;
}

function hours(value: number): string {
  return number(Math.round(value * 10) / 10);
}

function signed(percent: number): string {
  const whole = Math.round(percent);
  if (whole === 0) return '±0';
  return whole < 0 ? `−${-whole}` : `+${whole}`;
}

function dollars(value: number): string {
  return value < 10 ? `$${value.toFixed(2)}` : `$${Math.round(value).toLocaleString('en-US')}`;
}

/** Of the service in whichever of the shards serves it. `price`: dollars per task-hour as an operator types them. */
export async function shadowReportOf(
  operator: Operator,
  service: string,
  options: { readonly shards: readonly string[]; readonly price?: string },
): Promise<string> {
  const name = serviceArgument(service);
  const given = givenOf(options.price);
  const { arn } = await describeOne(operator, name);
  const all = await Promise.all(options.shards.map((shard) => operator.store.loadRings(shard, operator.abort)));
  const tallies = all.flatMap(({ tallies: of }) => of?.[arn] ?? []);
  const newest = tallies.sort((a, b) => b.until - a.until)[0];
  return shadowReport(service, newest, given ?? (await operator.taskPrice(name)));
}

function givenOf(text: string | undefined): TaskPrice | undefined {
  if (text === undefined) return undefined;
  const price = Number(text);
  if (text.trim() !== '' && Number.isFinite(price) && price > 0) return givenPrice(price);
  throw new BadInput(`--price is '${text}'; give dollars per task-hour above 0, as in 0.049.`);
}
