/** `schmitt status|explain|history`: why is checkout at 12, and why did it not scale at 14:05? */

import { overridesOf } from '../../loop/override-scope.ts';
import type { LedgerEntry } from '../../loop/ports.ts';
import { taggedOverrides } from '../../loop/tagged-overrides.ts';
import { BadInput } from '../../policy/bad-input.ts';
import { isNoticed, type Reason } from '../../policy/decision.ts';
import { durationSeconds, durationWords } from '../../policy/duration.ts';
import { dampingClause, noticedClause, voteClause } from '../../policy/explain.ts';
import type { Override } from '../../policy/policy.ts';
import { concernsOf } from './headroom.ts';
import type { Operator } from './operator.ts';
import { wordsOf } from './override-commands.ts';
import { describeOne, serviceArgument } from './service-argument.ts';

/** What the service thought at a moment: the newest entry up to then holds until the next one. */
export async function explainAt(operator: Operator, service: string, at: number): Promise<string> {
  const { arn, desired, running, pending } = await describeOne(operator, serviceArgument(service));
  const [entry] = await operator.history(arn, { to: at, limit: 1 });
  const now = operator.clock.now();
  const head = `${service} now: desired ${desired}, running ${running}, pending ${pending}`;
  if (entry === undefined)
    return `${head}\nThe ledger has no entry up to ${new Date(at).toISOString()}; is this service in a policy, and does the tick run?`;
  const since = `Since ${new Date(entry.at).toISOString()} (${durationWords((now - entry.at) / 1000)} ago), policy ${entry.policyVersion}:`;
  const error = entry.error === undefined ? [] : [`  ECS said: ${entry.error}`];
  return [
    head,
    since,
    `  ${entry.outcome}: ${entry.sentence}`,
    ...error,
    ...entry.reasons.map((reason) => `  - ${clauseOf(reason)}`),
  ].join('\n');
}

function clauseOf(reason: Reason): string {
  if (reason.kind === 'vote')
    return `${reason.list} ${reason.name} votes ${reason.vote}: ${voteClause(reason)}${reason.when === undefined ? '' : ` [${reason.when}]`}`;
  return isNoticed(reason) ? noticedClause(reason) : dampingClause(reason);
}

/** One line an entry, newest first. */
export async function historyOf(
  operator: Operator,
  service: string,
  options: { readonly since: string; readonly limit: number },
): Promise<string> {
  const seconds = durationSeconds(options.since);
  if (seconds === undefined || seconds === 0)
    throw new BadInput(`--since is '${options.since}'; give a duration, as in 6h or 3d.`);
  const { arn } = await describeOne(operator, serviceArgument(service));
  const entries = await operator.history(arn, { from: operator.clock.now() - seconds * 1000, limit: options.limit });
  if (entries.length === 0) return `${service} changed its mind at no time in the last ${options.since}.`;
  return entries.map(lineOf).join('\n');
}

function lineOf({ at, outcome, sentence, error }: LedgerEntry): string {
  return `${new Date(at).toISOString()}  ${outcome.padEnd(10)}  ${sentence}${error === undefined ? '' : ` — ${error}`}`;
}

/** Every service that the shard remembers, with its count, its last change of mind, and the overrides in force. */
export async function statusOf(operator: Operator, shard: string): Promise<string> {
  const now = operator.clock.now();
  const [{ rings }, known, overrides] = await Promise.all([
    operator.store.loadRings(shard, operator.abort),
    operator.headroom?.load(shard, operator.abort),
    taggedOverrides(operator.overrides, operator.findTagged, operator.clock).list(now, operator.abort),
  ]);
  const everywhere = overrides.filter(({ scope }) => scope === '*');
  const shown = new Set(everywhere);
  const lines: string[] = [];
  for (const arn of Object.keys(rings).sort()) {
    const [entry] = await operator.history(arn, { limit: 1 });
    const name = arn.split('/').slice(-2).join('/');
    const [cluster = '', service = ''] = name.split('/');
    const count = rings[arn]?.counts.at(-1)?.[1];
    const said =
      entry === undefined
        ? 'nothing yet'
        : `${entry.outcome} ${durationWords((now - entry.at) / 1000)} ago: ${entry.sentence}`;
    lines.push(`${name}  desired ${count ?? '?'}  ${said}`);
    const own = overridesOf(overrides, { cluster, service }).filter((one) => !everywhere.includes(one));
    for (const one of own) shown.add(one);
    lines.push(...own.map(overrideLine), ...concernsOf(known?.kind === 'found' ? known.findings : undefined, name));
  }
  if (lines.length === 0) lines.push(`Shard ${shard} remembers no service; has the tick run yet?`);
  // Also what concerns none of these: services of another shard, or a name that no policy has.
  lines.push(...everywhere.map(overrideLine), ...overrides.filter((one) => !shown.has(one)).map(overrideLine));
  return lines.join('\n');
}

function overrideLine({ id, scope, set, owner, reason, expiresAt }: Override): string {
  return `  override on ${scope}: ${wordsOf(set)} until ${new Date(expiresAt).toISOString()} by ${owner}: ${reason} (${id})`;
}
