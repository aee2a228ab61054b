/** `schmitt pause|floor|ceiling|set|mode|resume`: a human's word above the policy, with an owner, a reason and an end. */
import { randomUUID } from 'node:crypto';
import { tagOf, tagScope } from '../../loop/override-scope.ts';
import { BadInput } from '../../policy/bad-input.ts';
import { durationSeconds, durationWords } from '../../policy/duration.ts';
import type { Mode, Override } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import type { Operator } from './operator.ts';
import { serviceArgument } from './service-argument.ts';

export interface OverrideRequest {
  /** `cluster/service`, `tag:KEY=VALUE`, or `*` for everything. */
  readonly scope: string;
  readonly set: Override['set'];
  /** A duration: `2h`. */
  readonly for: string;
  readonly reason: string;
  readonly owner: string;
}

/** Longer than this is a policy, and belongs into one. */
const LONGEST_SECONDS = 14 * 86_400;

/** Says the override; answers the line for the operator. Throws `BadInput`. */
export async function say(operator: Operator, request: OverrideRequest): Promise<string> {
  const override = overrideFrom(request, operator.clock.now());
  const carriers = await carriersOf(operator, override.scope);
  await operator.overrides.put(override, operator.abort);
  const until = new Date(override.expiresAt).toISOString();
  const words = durationWords((override.expiresAt - operator.clock.now()) / 1000);
  const whom = carriers === undefined ? '' : ` (${carriers.join(', ')})`;
  return `${override.scope}${whom}: ${wordsOf(override.set)} for ${words}, until ${until} (${override.id}). It takes effect with the next tick and ends by itself.`;
}

/** Who carries the tag that the scope names; undefined where it names none. A tag that nobody carries is a slip of the pen. */
async function carriersOf(operator: Operator, scope: string): Promise<readonly string[] | undefined> {
  const tag = tagOf(scope);
  if (tag === undefined) return undefined;
  const found = await operator.findTagged(tag, operator.abort);
  if (found.length > 0) return found.map(nameText).sort();
  throw new BadInput(
    `--tag is '${tagText(scope)}', and no service carries it; check the tag, the Region and the account.`,
  );
}

/** As it was typed. */
const tagText = (scope: string): string => scope.replace(/^tag:/, '');

/** `KEY=VALUE` as a scope. */
export function tagArgument(text: string): string {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new BadInput(`--tag is '${text}'; write key=value, as in schmitt=web.`);
  return tagScope(text.slice(0, at), text.slice(at + 1));
}

function overrideFrom(request: OverrideRequest, now: number): Override {
  if (request.scope !== '*' && tagOf(request.scope) === undefined) serviceArgument(request.scope);
  const seconds = durationSeconds(request.for);
  if (seconds === undefined || seconds < 60 || seconds > LONGEST_SECONDS) {
    throw new BadInput(
      `--for is '${request.for}'; give a duration between 1m and 14d, as in 2h. What should last longer belongs into the policy.`,
    );
  }
  if (request.reason.trim() === '') throw new BadInput(`--reason is empty; say why, for whoever finds this override.`);
  if (request.owner.trim() === '')
    throw new BadInput(`--owner is empty; say who, for whoever has a question about this override.`);
  const { set } = request;
  if ('tasks' in set && !(Number.isInteger(set.tasks) && set.tasks >= 0)) {
    throw new BadInput(`TASKS is '${set.tasks}'; give a whole number of tasks, 0 or more.`);
  }
  const id = `${set.kind}-${randomUUID().slice(0, 8)}`;
  return {
    id,
    scope: request.scope,
    set,
    owner: request.owner.trim(),
    reason: request.reason.trim(),
    saidAt: now,
    expiresAt: now + seconds * 1000,
  };
}

/** Ends every override of exactly this scope, or the one with this id. */
export async function resume(operator: Operator, what: string): Promise<string> {
  const now = operator.clock.now();
  const all = await operator.overrides.list(now, operator.abort);
  const ending = all.filter(({ id, scope }) => id === what || scope === what);
  if (ending.length === 0) {
    const known =
      all.length === 0
        ? 'there is no override at all'
        : `the overrides are ${all.map(({ id, scope }) => `${id} (${scope})`).join(', ')}`;
    throw new BadInput(`'${what}' has no override; ${known}.`);
  }
  for (const { id } of ending) await operator.overrides.end(id, now, operator.abort);
  return `${what}: ended ${ending.map(({ id, set }) => `${wordsOf(set)} (${id})`).join(', ')}. The policy decides again with the next tick.`;
}

export function wordsOf(set: Override['set']): string {
  switch (set.kind) {
    case 'pause':
      return 'paused';
    case 'floor':
      return `at least ${set.tasks}`;
    case 'ceiling':
      return `at most ${set.tasks}`;
    case 'exact':
      return `exactly ${set.tasks}`;
    case 'mode':
      return `mode ${set.mode}`;
  }
}

export function tasksArgument(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new BadInput(`TASKS is '${text}'; give a whole number of tasks, 0 or more.`);
}

export function modeArgument(text: string): Mode {
  if (text === 'act' || text === 'shadow' || text === 'off') return text;
  throw new BadInput(`MODE is '${text}'; it is one of act, shadow, off.`);
}
