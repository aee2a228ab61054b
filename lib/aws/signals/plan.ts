/**
 * What one read asks of every source, and how each signal's reading is put together from the answers. Pure plain data: it can be printed,
 * tested and priced without AWS.
 */
import type { SignalQuery } from '../../loop/ports.ts';
import type { EpochMs, SignalSource } from '../../policy/policy.ts';
import { planAlb } from './alb.ts';
import { planCloudWatch } from './cloudwatch.ts';
import { planEcs } from './ecs.ts';
import type { LoadBalancers } from './load-balancers.ts';
import { packCalls } from './metric-data-calls.ts';
import { type MetricDataCall, Wanted } from './metric-data-queries.ts';
import { type Recipe, unread } from './recipe.ts';
import { planShare } from './share.ts';

export interface SignalPlan {
  readonly metricData: readonly MetricDataCall[];
  /** One for each signal asked for, in order. */
  readonly recipes: readonly Recipe[];
}

/** What is known before anything is asked. */
export interface PlanFacts {
  /** By target group ARN. */
  readonly loadBalancers: LoadBalancers;
}

/** One signal on its way into the plan. */
export interface Planning {
  readonly now: EpochMs;
  readonly facts: PlanFacts;
  readonly wanted: Wanted;
  /** Another signal of the same service, by its name. */
  sibling(query: SignalQuery, name: string): SignalQuery | undefined;
  /** Plans a signal that another one is made of. */
  plan(query: SignalQuery): Recipe;
}

type PlanSource<Source extends SignalSource> = (query: SignalQuery, source: Source, planning: Planning) => Recipe;

const SOURCES: { readonly [Kind in SignalSource['kind']]: PlanSource<Extract<SignalSource, { kind: Kind }>> } = {
  ecs: planEcs,
  alb: planAlb,
  cloudwatch: planCloudWatch,
  share: planShare,
  math: planElsewhere,
  sqs: planElsewhere,
  promql: planElsewhere,
  pushed: planElsewhere,
};

export function planSignals(queries: readonly SignalQuery[], now: EpochMs, facts: PlanFacts): SignalPlan {
  const wanted = new Wanted();
  let byName: ReadonlyMap<string, SignalQuery> | undefined;
  const planning: Planning = {
    now,
    facts,
    wanted,
    sibling(query, name) {
      byName ??= new Map(queries.map((one) => [nameOf(one, one.name), one]));
      return byName.get(nameOf(query, name));
    },
    plan: (query) => SOURCES[query.spec.source.kind](query, query.spec.source as never, planning),
  };
  const recipes = queries.map(planning.plan);
  return { metricData: packCalls(wanted.queries()), recipes };
}

function planElsewhere({ spec }: SignalQuery): Recipe {
  return unread(spec, `nobody reads signals of kind ${spec.source.kind}`);
}

function nameOf({ cluster, service }: SignalQuery, signal: string): string {
  return `${cluster}/${service} ${signal}`;
}
