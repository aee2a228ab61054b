/**
 * Policies that change without a deployment: AppConfig says which hold, the table remembers the last good ones. A configuration that cannot
 * be read changes nothing; what is wrong with it is said until a good one comes.
 */
import type { Clock, Policies } from '../loop/ports.ts';
import { compiled } from '../policy/compiled.ts';
import { readDeployedPolicies } from '../policy/document/deployed.ts';
import type { PolicySet } from '../policy/policy.ts';
import { clauseOf, messageOf } from './call.ts';
import type { ClientOptions } from './clients.ts';
import { type ConfigurationSource, configurationSession } from './configuration-session.ts';
import { readLastGood, writeLastGood } from './last-good-policies.ts';
import type { Table } from './table.ts';

/**
 * `rejected`: the configuration in force cannot be read. `unreachable`: AppConfig does not answer. `unsaved`: what holds is not in the
 * table, so a new process would not have it should AppConfig fail. One clause each.
 */
export interface PolicyTrouble {
  readonly kind: 'rejected' | 'unreachable' | 'unsaved';
  readonly cause: string;
}

export interface HotPolicies extends Policies {
  /** As of the last load, the worst first; undefined: all is well. */
  trouble(): PolicyTrouble | undefined;
}

export interface HotPoliciesOptions extends ClientOptions {
  readonly source: ConfigurationSource;
  readonly table: Table;
  readonly clock: Clock;
}

export function hotPolicies(options: HotPoliciesOptions): HotPolicies {
  const { source, table } = options;
  const session = configurationSession(options);
  const troubles = new Map<PolicyTrouble['kind'], string>();
  const note = (kind: PolicyTrouble['kind'], cause: string | undefined) =>
    cause === undefined ? troubles.delete(kind) : troubles.set(kind, cause);
  let current: PolicySet | undefined;
  let unsaved: { readonly version: string; readonly text: string } | undefined;

  function take(text: string): void {
    const read = readText(text, `AppConfig profile ${source.profile}`);
    note('rejected', read.kind === 'bad' ? read.cause : undefined);
    if (read.kind === 'bad') return;
    current = read.set;
    unsaved = { version: read.set.version, text };
  }

  async function save(abort: AbortSignal): Promise<void> {
    if (unsaved === undefined) return;
    try {
      await writeLastGood(table, unsaved, abort);
      unsaved = undefined;
      note('unsaved', undefined);
    } catch (error) {
      if (abort.aborted) throw error;
      note('unsaved', clauseOf(error));
    }
  }

  return {
    trouble() {
      for (const kind of ['rejected', 'unreachable', 'unsaved'] as const) {
        const cause = troubles.get(kind);
        if (cause !== undefined) return { kind, cause };
      }
      return undefined;
    },
    async load(abort) {
      abort.throwIfAborted();
      const polled = await session.poll(abort);
      if (polled.kind !== 'notAsked') note('unreachable', polled.kind === 'failed' ? polled.cause : undefined);
      if (polled.kind === 'changed') take(polled.text);
      await save(abort);
      current ??= await lastGood(table, abort);
      if (current !== undefined) return current;
      throw new Error(`No policies: ${whyNone(troubles)}, and table ${table.name} remembers none.`);
    },
  };
}

function whyNone(troubles: ReadonlyMap<PolicyTrouble['kind'], string>): string {
  return troubles.get('rejected') ?? troubles.get('unreachable') ?? 'AppConfig has no configuration';
}

async function lastGood(table: Table, abort: AbortSignal): Promise<PolicySet | undefined> {
  const text = await readLastGood(table, abort);
  const read = text === undefined ? undefined : readText(text, `table ${table.name}`);
  return read?.kind === 'good' ? read.set : undefined;
}

type ReadText = { readonly kind: 'good'; readonly set: PolicySet } | { readonly kind: 'bad'; readonly cause: string };

/** Its conditions are compiled too: a service must not be the first to find out that one cannot be. */
function readText(text: string, name: string): ReadText {
  try {
    const set = readDeployedPolicies(JSON.parse(text), name);
    for (const policy of set.services) compiled(policy);
    for (const { policy } of set.tagged) compiled({ ...policy, cluster: '', service: '' });
    return { kind: 'good', set };
  } catch (error) {
    return { kind: 'bad', cause: messageOf(error) };
  }
}
