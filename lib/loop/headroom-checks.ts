/** One round of checks over all shards: what is found is kept for the ticks, and counted for the alarms. */
import { type Findings, nearPools, type Pool } from '../policy/headroom/findings.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import { nameText } from '../policy/service-name.ts';
import type { HeadroomStore } from './headroom.ts';
import type { Clock, Policies } from './ports.ts';
import { servicesOfShard } from './shards.ts';

export interface Checker {
  /** What cannot be found out is said in the findings; only the abort is thrown. */
  check(policies: readonly ServicePolicy[], now: EpochMs, abort: AbortSignal): Promise<Findings>;
}

export interface CheckPorts {
  readonly clock: Clock;
  readonly policies: Policies;
  readonly headroom: HeadroomStore;
  readonly checker: Checker;
}

export interface CheckRequest {
  /** How many shards the services are spread over. */
  readonly shards: number;
  /**
   * `cluster/service` of those that something happened to: their shards are checked alone. `new`: shards with a service that no check has seen.
   * Absent: all are.
   */
  readonly about?: readonly string[] | 'new';
  readonly abort: AbortSignal;
}

export interface ShardCheck {
  readonly shard: string;
  /** `recent`: a check was made a moment ago. `overtaken`: somebody else wrote meanwhile, and what he found stays. */
  readonly outcome: 'kept' | 'recent' | 'overtaken';
  readonly findings: Findings;
}

/** Something that happens to many tasks at once is told many times. */
const RECENT_MS = 5 * 60_000;

export async function checkShards(ports: CheckPorts, request: CheckRequest): Promise<readonly ShardCheck[]> {
  const { shards, about, abort } = request;
  const set = await ports.policies.load(abort);
  const checks: ShardCheck[] = [];
  for (let number = 0; number < shards; number += 1) {
    const shard = String(number);
    const served = servicesOfShard(set, shard, shards).filter(({ mode }) => mode !== 'off');
    if (served.some((policy) => isConcerned(policy, about)))
      checks.push(await checkShard(ports, shard, served, request));
  }
  return checks;
}

async function checkShard(
  { clock, headroom, checker }: CheckPorts,
  shard: string,
  served: readonly ServicePolicy[],
  { about, abort }: CheckRequest,
): Promise<ShardCheck> {
  const known = await headroom.load(shard, abort);
  const now = clock.now();
  if (known.kind === 'found' && isEnough(known.findings, served, about, now))
    return { shard, outcome: 'recent', findings: known.findings };
  const findings = await checker.check(served, now, abort);
  const saved = await headroom.save(shard, findings, known.rev, abort);
  return { shard, outcome: saved.kind === 'saved' ? 'kept' : 'overtaken', findings };
}

function isConcerned(policy: ServicePolicy, about: CheckRequest['about']): boolean {
  return about === undefined || about === 'new' || about.includes(nameText(policy));
}

/** Of new services those that were seen, and of any trouble what was found a moment ago, are not looked at again. */
function isEnough(
  { services, checkedAt }: Findings,
  served: readonly ServicePolicy[],
  about: CheckRequest['about'],
  now: EpochMs,
): boolean {
  if (about === undefined) return false;
  if (about === 'new') return served.every((policy) => services[nameText(policy)] !== undefined);
  return now - checkedAt < RECENT_MS;
}

export interface CheckSummary {
  readonly services: number;
  /** Pools of which more than 80 % are used, each once, whatever shards found it. */
  readonly near: readonly Pool[];
  /** Services with mode act that something else may scale in. */
  readonly scaledByOthers: readonly string[];
  /** Sentences about services, those that were warned of. */
  readonly warnings: readonly { readonly service: string; readonly sentence: string }[];
  /** Clauses about services of which something could not be found out. */
  readonly unknown: readonly { readonly service: string; readonly clause: string }[];
}

/** @param acting `cluster/service` of those with mode act */
export function summaryOf(checks: readonly ShardCheck[], acting: ReadonlySet<string>): CheckSummary {
  const all = checks.flatMap(({ findings }) => Object.entries(findings.services));
  const pools = Object.assign({}, ...checks.map(({ findings }) => findings.pools)) as Findings['pools'];
  return {
    services: all.length,
    near: nearPools({ pools }),
    scaledByOthers: all.flatMap(([service, { scaledBy = [] }]) =>
      scaledBy.length > 0 && acting.has(service) ? [service] : [],
    ),
    warnings: all.flatMap(([service, { warnings }]) => warnings.map((sentence) => ({ service, sentence }))),
    unknown: all.flatMap(([service, { unknown }]) => unknown.map((clause) => ({ service, clause }))),
  };
}
