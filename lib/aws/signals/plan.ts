/**
 * What one read asks of every source, and how each signal's reading is put together from the answers. Pure plain data: it can be printed,
 * tested and priced without AWS.
 */
import type { SignalQuery } from '../../loop/ports.ts';
import type { EpochMs, SignalSource } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import { groupedBy } from '../grouped.ts';
import { planAlb } from './alb.ts';
import { type Attached, attachedFinder } from './attached.ts';
import { planCloudWatch } from './cloudwatch.ts';
import { planEcs } from './ecs.ts';
import type { LoadBalancers } from './load-balancers.ts';
import { planMath } from './math.ts';
import { packCalls } from './metric-data-calls.ts';
import { type MetricDataCall, Wanted } from './metric-data-queries.ts';
import type { PrometheusEndpoints } from './promql/endpoints.ts';
import { type PromqlCall, WantedPromql } from './promql/requests.ts';
import { planPromql } from './promql.ts';
import { type Recipe, unread } from './recipe.ts';
import { planShare } from './share.ts';
import { planSqs, type QueueRead, WantedQueues } from './sqs.ts';

export interface SignalPlan {
  readonly metricData: readonly MetricDataCall[];
  readonly queues: readonly QueueRead[];
  readonly promql: readonly PromqlCall[];
  /** One for each signal asked for, in order. */
  readonly recipes: readonly Recipe[];
}

/** What is known before anything is asked. */
export interface PlanFacts {
  /** By target group ARN. */
  readonly loadBalancers: LoadBalancers;
  /** Absent: there are none. */
  readonly prometheus?: PrometheusEndpoints;
}

/** One signal on its way into the plan. */
export interface Planning {
  readonly now: EpochMs;
  readonly facts: PlanFacts;
  readonly wanted: Wanted;
  readonly queues: WantedQueues;
  readonly promql: WantedPromql;
  /** The service's target groups behind their load balancers. */
  attached(targetGroups: readonly string[] | undefined): Attached;
  /** Another signal of the same service, by its name. */
  sibling(query: SignalQuery, name: string): SignalQuery | undefined;
  /** All signals of the same service, in the order of the read. */
  siblings(query: SignalQuery): readonly SignalQuery[];
  /** Plans a signal that another one is made of. */
  plan(query: SignalQuery): Recipe;
}

type PlanSource<Source extends SignalSource> = (query: SignalQuery, source: Source, planning: Planning) => Recipe;

const SOURCES: { readonly [Kind in SignalSource['kind']]: PlanSource<Extract<SignalSource, { kind: Kind }>> } = {
  ecs: planEcs,
  alb: planAlb,
  cloudwatch: planCloudWatch,
  share: planShare,
  math: planMath,
  sqs: planSqs,
  promql: planPromql,
  pushed: planElsewhere,
};

export function planSignals(queries: readonly SignalQuery[], now: EpochMs, facts: PlanFacts): SignalPlan {
  const wanted = new Wanted();
  const queues = new WantedQueues();
  const promql = new WantedPromql();
  const services = new Services(queries);
  const planning: Planning = {
    now,
    facts,
    wanted,
    queues,
    promql,
    attached: attachedFinder(facts.loadBalancers),
    sibling: (query, name) => services.of(query).find((one) => one.name === name),
    siblings: (query) => services.of(query),
    plan: (query) => SOURCES[query.spec.source.kind](query, query.spec.source as never, planning),
  };
  const recipes = queries.map(planning.plan);
  return { metricData: packCalls(wanted.queries()), queues: queues.reads(), promql: promql.calls(), recipes };
}

function planElsewhere({ spec }: SignalQuery): Recipe {
  return unread(spec, `nobody reads signals of kind ${spec.source.kind}`);
}

/** The signals of each service. Sorted out when first asked: most reads have no signal that is made of others. */
class Services {
  readonly #queries: readonly SignalQuery[];
  #byService: ReadonlyMap<string, readonly SignalQuery[]> | undefined;

  constructor(queries: readonly SignalQuery[]) {
    this.#queries = queries;
  }

  of(query: SignalQuery): readonly SignalQuery[] {
    this.#byService ??= groupedBy(this.#queries, nameText);
    return this.#byService.get(nameText(query)) ?? [];
  }
}
