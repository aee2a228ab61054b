/** What the linter says, and what it looks at: one service with its policy, its conditions and what is known of it from outside. */
import { type CompiledPolicy, compiled } from '../compiled.ts';
import type { EpochMs, PolicySet, ServicePolicy } from '../policy.ts';
import { nameText } from '../service-name.ts';
import type { StartSeconds } from '../start-time.ts';

/** From a service of a document to a value, as in `['scaleIn', 0, 'when']`. */
export type PathInService = readonly (string | number)[];

/** Something legal and probably not meant. */
export interface Warning {
  /** The name of the rule that found it. */
  readonly rule: string;
  /** `cluster/service`, or `tagged key=value` where the policy is for services with tags. */
  readonly service: string;
  readonly path: PathInService;
  /** What is wrong, with numbers, and the mend; no final full stop. */
  readonly sentence: string;
}

/** What a policy does not say and a running fleet does. Everything is optional: without it some rules say less. */
export interface Facts {
  /** By `cluster/service`. */
  readonly services?: Readonly<Record<string, ServiceFacts>>;
  /** Schedules are compared from here on. */
  readonly now?: EpochMs;
}

export interface ServiceFacts {
  readonly running?: number;
  /** Learned: from `UpdateService` to the last new task in service. */
  readonly startSeconds?: StartSeconds;
}

export interface Subject {
  readonly name: string;
  readonly policy: ServicePolicy;
  readonly conditions: CompiledPolicy;
  readonly facts: ServiceFacts;
  readonly now: EpochMs | undefined;
}

export type Finding = Pick<Warning, 'path' | 'sentence'>;

/** One rule: pure, from what is to be checked to what it found. */
export interface LintRule {
  /** As in `unused-signal`. */
  readonly name: string;
  readonly find: (subject: Subject) => readonly Finding[];
}

/** Every policy of the set once: those of services by name, then those of services by tag. */
export function policiesOf(set: PolicySet): readonly { readonly name: string; readonly policy: ServicePolicy }[] {
  const named = set.services.map((policy) => ({ name: nameText(policy), policy }));
  const tagged = set.tagged.map(({ tags, policy }) => ({
    name: `tagged ${Object.entries(tags)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ')}`,
    policy: { ...policy, cluster: '', service: '' },
  }));
  return [...named, ...tagged];
}

export function subjectsOf(set: PolicySet, facts: Facts): readonly Subject[] {
  return policiesOf(set).map(({ name, policy }) => ({
    name,
    policy,
    conditions: compiled(policy),
    facts: factsOf(facts, name),
    now: facts.now,
  }));
}

function factsOf({ services }: Facts, name: string): ServiceFacts {
  return services !== undefined && Object.hasOwn(services, name) ? (services[name] ?? {}) : {};
}
