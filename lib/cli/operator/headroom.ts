/** `schmitt headroom`: what the hourly checks found out about a service, and what of it would stand in the way of a change. */
import type { Headroom } from '../../loop/headroom.ts';
import { BadInput } from '../../policy/bad-input.ts';
import { durationWords } from '../../policy/duration.ts';
import { number } from '../../policy/explain.ts';
import {
  FINDINGS_BELIEVED_MS,
  type Findings,
  type Pool,
  poolWords,
  type ServiceFinding,
} from '../../policy/headroom/findings.ts';
import type { Operator } from './operator.ts';
import { serviceArgument } from './service-argument.ts';

export interface HeadroomOperator extends Pick<Operator, 'clock' | 'abort'> {
  readonly headroom: Headroom;
}

/** The whole answer; throws `BadInput` where no check has seen the service. */
export async function headroomOf(
  operator: HeadroomOperator,
  service: string,
  shards: readonly string[],
): Promise<string> {
  serviceArgument(service);
  const all = await Promise.all(shards.map((shard) => operator.headroom.load(shard, operator.abort)));
  for (const known of all) {
    const finding = known.kind === 'found' ? known.findings.services[service] : undefined;
    if (known.kind === 'found' && finding !== undefined)
      return told(service, known.findings, finding, operator.clock.now());
  }
  const unreadable = all.find((known) => known.kind === 'unreadable');
  if (unreadable?.kind === 'unreadable')
    throw new BadInput(`What was found cannot be read: ${unreadable.cause}; deploy the version that wrote it.`);
  const why = all.every(({ kind }) => kind === 'absent')
    ? 'no check has run yet'
    : 'it is in no policy, or newer than the last check';
  throw new BadInput(
    `${service} was not checked: ${why}. The checks run once an hour; see the log of the function Checks.`,
  );
}

function told(service: string, findings: Findings, finding: ServiceFinding, now: number): string {
  const { checkedAt, pools } = findings;
  const ageMs = now - checkedAt;
  const believed = ageMs > FINDINGS_BELIEVED_MS ? ', too long ago to be believed' : '';
  const rooms = Object.entries(finding.needs).flatMap(([id, perTask]) => {
    const pool = pools[id];
    return pool === undefined || perTask <= 0 ? [] : [`  ${roomWords(pool, perTask)}`];
  });
  const { scaledBy } = finding;
  return [
    `${service}, checked ${durationWords(ageMs / 1000)} ago${believed}, when ${finding.counted} ran:`,
    ...(rooms.length === 0 ? ['  no limit of AWS is known that stands in its way'] : rooms),
    ...(finding.atOnce === undefined
      ? []
      : [`  at most ${finding.atOnce} more within a minute, as Fargate starts them`]),
    ...(scaledBy === undefined ? [] : [`  ${otherWords(service, scaledBy)}`]),
    ...finding.warnings.map((sentence) => `  ! ${sentence}`),
    ...finding.unknown.map((clause) => `  ? not found out, ${clause}`),
  ].join('\n');
}

function roomWords(pool: Pool, perTask: number): string {
  const room = Math.max(0, Math.floor(pool.free / perTask + 1e-9));
  const of = pool.limit === undefined ? '' : ` of ${number(pool.limit)}`;
  return `room for ${room} more: ${poolWords(pool)}, ${number(pool.free)}${of} free, ${number(perTask)} a task`;
}

function otherWords(service: string, scaledBy: readonly string[]): string {
  return scaledBy.length === 0
    ? 'nothing else may scale it in'
    : `Application Auto Scaling may scale it in (${scaledBy.join(', ')}): run schmitt takeover ${service}`;
}

/** For `status`: by service, a line each on what somebody should know. */
export function concernsOf(findings: Findings | undefined, service: string): readonly string[] {
  const finding = findings?.services[service];
  if (finding === undefined) return [];
  const { scaledBy = [], warnings } = finding;
  return [...(scaledBy.length === 0 ? [] : [otherWords(service, scaledBy)]), ...warnings].map((line) => `  ! ${line}`);
}
