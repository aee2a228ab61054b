/** The scaler as a construct: everything it needs in an account, made of policies and services. */
import { Annotations, Aspects, Names, Stack, Token } from 'aws-cdk-lib';
import type { CompositeAlarm, Dashboard, IAlarm, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deployedPolicies } from '../policy/document/deployed.ts';
import { createBackstop } from './backstop.ts';
import { CHECKS } from './checks.ts';
import { grantDeployPolicies, grantOperate, grantPush, grantTakeOver } from './grants.ts';
import { type Decided, decisionsMetric, type TickMetric, tickMetric } from './metrics.ts';
import { createParts, type Parts } from './parts.ts';
import { PolicyModel, type SettledPolicies } from './policy-model.ts';
import type { ScaleProps } from './scale-props.ts';
import type { SchmittProps } from './schmitt-props.ts';

export class Schmitt extends Construct {
  /** Leases, states and the ledger; kept when the stack goes. */
  readonly table: Table;
  /** Decides the services of a shard; its log tells every decision. */
  readonly tick: IFunction;
  /** Ticks that were not delivered or that failed. */
  readonly deadLetterQueue: IQueue;
  readonly alarmTopic: ITopic;
  readonly alarms: readonly IAlarm[];
  /** One light for the whole scaler. Absent where it was left out. */
  readonly unwell: CompositeAlarm | undefined;
  readonly dashboard: Dashboard;
  /** What the scaler is called in its logs and metrics. */
  readonly scalerName: string;
  readonly #parts: Parts;
  readonly #props: SchmittProps;
  readonly #model: PolicyModel;
  #settled: SettledPolicies | undefined;

  constructor(scope: Construct, id: string, props: SchmittProps = {}) {
    super(scope, id);
    this.#props = props;
    this.#model = new PolicyModel(props.policies?.files ?? []);
    this.scalerName = nameOf(this, props.name);
    const { shards = 1 } = props;
    this.#parts = createParts(this, {
      ...props,
      scaler: this.scalerName,
      shards: Number.isInteger(shards) && shards >= 1 ? shards : 1,
      policySet: () => this.#settle().set,
      content: () => {
        const { set, names } = this.#settle();
        return Stack.of(this).toJsonString(deployedPolicies(set, names));
      },
    });
    const { table, tick, deadLetters, topic, alarms, dashboard } = this.#parts;
    this.table = table;
    this.tick = tick;
    this.deadLetterQueue = deadLetters;
    this.alarmTopic = topic;
    this.alarms = alarms.all;
    this.unwell = alarms.unwell;
    this.dashboard = dashboard.dashboard;
    // What follows from the policies is made when all of them are there.
    let completed = false;
    Aspects.of(this).add({
      visit: (node) => {
        if (node !== this || completed) return;
        completed = true;
        this.#complete();
      },
    });
  }

  /** Has a service scaled: a policy of its own, with names, signals and permissions derived from the objects. */
  scale(service: IBaseService, props: ScaleProps): void {
    this.#settled = undefined;
    const { name } = this.#model.add(service, props);
    const id = `Backstop-${name.cluster}-${name.service}`;
    // A service that is handed over twice is an error, which is said with all others.
    if (props.backstop === undefined || this.node.tryFindChild(id) !== undefined) return;
    createBackstop(this, id, service, props.capacity, props.backstop);
  }

  /** Lets somebody push numbers of signals: events `schmitt.signal` on the default bus. */
  grantPush(grantee: IGrantable): Grant {
    return grantPush(this, grantee);
  }

  /** Lets somebody use the command `schmitt`: status, history and overrides, of this scaler. */
  grantOperate(grantee: IGrantable): Grant {
    return grantOperate(this.table, grantee);
  }

  /** Lets somebody use `schmitt takeover` and `schmitt release`. */
  grantTakeOver(grantee: IGrantable): Grant {
    return grantTakeOver(this, this.table, grantee);
  }

  /** Lets somebody deploy policies through AppConfig, after the same checks. */
  grantDeployPolicies(grantee: IGrantable): Grant {
    return grantDeployPolicies(this, this.#parts.hotPolicies, grantee);
  }

  /** A metric that every tick writes. */
  metric(name: TickMetric, options?: MetricOptions): Metric {
    return tickMetric(this.scalerName, name, options);
  }

  /** Seconds between the time that the schedule meant and the tick. */
  metricTickAge(options?: MetricOptions): Metric {
    return this.metric('TickAge', options);
  }

  /** Breakers that are open or half open. */
  metricBreakerOpen(options?: MetricOptions): Metric {
    return this.metric('BreakerOpen', options);
  }

  /** Signals that a rule asks for and that are unknown. */
  metricSignalsMissing(options?: MetricOptions): Metric {
    return this.metric('SignalsMissing', options);
  }

  /** US dollars that reading signals cost, by list price. */
  metricReadCost(options?: MetricOptions): Metric {
    return this.metric('ReadCost', options);
  }

  /** Decisions of a kind, of all services. */
  metricDecisions(decided: Decided, options?: MetricOptions): Metric {
    return decisionsMetric(this.scalerName, decided, options);
  }

  #settle(): SettledPolicies {
    this.#settled ??= this.#model.settle();
    return this.#settled;
  }

  #complete(): void {
    const settled = this.#settle();
    const { standIns, scaled } = this.#model;
    this.#parts.complete({ set: settled.set, standIns, scaled });
    const annotations = Annotations.of(this);
    for (const sentence of settled.errors) annotations.addError(sentence);
    for (const { id, sentence } of settled.warnings) annotations.addWarningV2(id, sentence);
    const { shards = 1, hotPolicies = true, services, overrideReminder, readCostLimit } = this.#props;
    const checked = {
      ...{ scope: this, settled, scaled, shards, hotPolicies, services, overrideReminder, readCostLimit },
      nameOf: (service: IBaseService) => {
        const name = standIns.ofService(service);
        return `${name.cluster}/${name.service}`;
      },
      others: () => this.#others(),
    };
    for (const { level, id, sentence } of CHECKS.flatMap((check) => check(checked))) {
      if (level === 'error') annotations.addError(sentence);
      else annotations.addWarningV2(id, sentence);
    }
  }

  /** Scalers of the same app that may reach the same services. */
  #others() {
    const here = Stack.of(this);
    const apart = (one: string, other: string) =>
      !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
    return this.node.root.node
      .findAll()
      .filter((one): one is Schmitt => one instanceof Schmitt && one !== this)
      .filter((one) => !apart(Stack.of(one).account, here.account) && !apart(Stack.of(one).region, here.region))
      .map((one) => ({
        path: one.node.path,
        names: new Set(one.#settle().set.services.map(({ cluster, service }) => `${cluster}/${service}`)),
      }));
  }
}

const LONGEST_NAME = 64;

function nameOf(scope: Construct, given: string | undefined): string {
  if (given === undefined) return Names.uniqueResourceName(scope, { maxLength: LONGEST_NAME, separator: '-' });
  if (/^[A-Za-z0-9._-]{1,64}$/.test(given)) return given;
  const is = Token.isUnresolved(given) ? 'a token' : `"${given}", ${given.length} characters`;
  Annotations.of(scope).addError(
    `name is ${is}; AppConfig and CloudWatch take up to ${LONGEST_NAME} letters, digits, ".", "_" and "-": shorten it.`,
  );
  return given.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, LONGEST_NAME);
}
