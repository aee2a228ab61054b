/** What Application Auto Scaling does with a service: its bounds, its policies with their alarms and forecasts, its scheduled actions. Reads only. */
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  GetPredictiveScalingForecastCommand,
  type ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { ServiceScaling, ServiceScalingPolicy, StepAlarm } from '../policy/application-auto-scaling.ts';
import type { EpochMs, ServiceName } from '../policy/policy.ts';
import { limited } from './call.ts';
import { CALL_LIMITS, type CallLimits, type ClientOptions, configOf } from './clients.ts';
import { actionOf, alarmOf, capacityOf, nameOf, policyOf } from './scaling-answers.ts';

/** The time for which forecasts are wanted; `to` exclusive. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Of each list; a service has at most 50 policies. */
const MOST_PAGES = 5;
/** What one call for a forecast may ask for. */
const LONGEST_FORECAST_MS = 30 * 86_400_000;
/** Of one step scaling policy; CloudWatch takes as many at once. */
const MOST_ALARMS = 100;

/** Throws what AWS answers when it does not answer with a list. */
export async function readScaling(
  name: ServiceName,
  options: ClientOptions,
  abort: AbortSignal,
  span?: Span,
): Promise<ServiceScaling> {
  const limits = { ...CALL_LIMITS, ...options.limits };
  const reader = new Reader(name, options, limits, abort);
  try {
    const [target] = await reader.targets();
    const policies: ServiceScalingPolicy[] = [];
    for (const policy of await reader.policies()) policies.push(await reader.whole(policy, span));
    const scheduled = await reader.scheduled();
    return { ...capacityOf(target), policies, scheduled: scheduled.map(actionOf) };
  } finally {
    reader.close();
  }
}

class Reader {
  readonly #scaling: ApplicationAutoScalingClient;
  readonly #cloudwatch: CloudWatchClient;
  readonly #limits: CallLimits;
  readonly #abort: AbortSignal;
  readonly #resource: { readonly ServiceNamespace: 'ecs'; readonly ScalableDimension: 'ecs:service:DesiredCount' };
  readonly #id: string;

  constructor({ cluster, service }: ServiceName, options: ClientOptions, limits: CallLimits, abort: AbortSignal) {
    this.#scaling = new ApplicationAutoScalingClient(configOf(options, limits, undefined));
    this.#cloudwatch = new CloudWatchClient(configOf(options, limits, options.endpoints?.cloudwatch));
    this.#limits = limits;
    this.#abort = abort;
    this.#resource = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' };
    this.#id = `service/${cluster}/${service}`;
  }

  targets() {
    return allPages(async (NextToken) => {
      const command = new DescribeScalableTargetsCommand({ ...this.#resource, ResourceIds: [this.#id], NextToken });
      const answer = await this.#ask((abortSignal) => this.#scaling.send(command, { abortSignal }));
      return { items: answer.ScalableTargets ?? [], next: answer.NextToken };
    });
  }

  policies() {
    return allPages(async (NextToken) => {
      const command = new DescribeScalingPoliciesCommand({ ...this.#resource, ResourceId: this.#id, NextToken });
      const answer = await this.#ask((abortSignal) => this.#scaling.send(command, { abortSignal }));
      return { items: answer.ScalingPolicies ?? [], next: answer.NextToken };
    });
  }

  scheduled() {
    return allPages(async (NextToken) => {
      const command = new DescribeScheduledActionsCommand({ ...this.#resource, ResourceId: this.#id, NextToken });
      const answer = await this.#ask((abortSignal) => this.#scaling.send(command, { abortSignal }));
      return { items: answer.ScheduledActions ?? [], next: answer.NextToken };
    });
  }

  /** A policy with its alarms, or with what it forecast. */
  async whole(told: ScalingPolicy, span: Span | undefined): Promise<ServiceScalingPolicy> {
    const policy = policyOf(told);
    if (policy.kind === 'stepScaling') return { ...policy, alarms: await this.#alarms(told) };
    if (policy.kind !== 'predictive' || !policy.scales || span === undefined) return policy;
    return { ...policy, forecast: await this.#forecast(nameOf(told), span) };
  }

  async #alarms({ Alarms: invoking = [] }: ScalingPolicy): Promise<readonly StepAlarm[]> {
    const names = invoking.flatMap(({ AlarmName }) => (AlarmName === undefined ? [] : [AlarmName]));
    if (names.length === 0) return [];
    const command = new DescribeAlarmsCommand({ AlarmNames: names.slice(0, MOST_ALARMS), AlarmTypes: ['MetricAlarm'] });
    const answer = await this.#ask((abortSignal) => this.#cloudwatch.send(command, { abortSignal }));
    return (answer.MetricAlarms ?? []).map(alarmOf);
  }

  async #forecast(PolicyName: string, { from, to }: Span) {
    const found: (readonly [EpochMs, number])[] = [];
    for (let start = from; start < to; start += LONGEST_FORECAST_MS) {
      const end = Math.min(to, start + LONGEST_FORECAST_MS);
      const command = new GetPredictiveScalingForecastCommand({
        ...{ ...this.#resource, ResourceId: this.#id, PolicyName },
        ...{ StartTime: new Date(start), EndTime: new Date(end) },
      });
      const { CapacityForecast: capacity } = await this.#ask((abortSignal) =>
        this.#scaling.send(command, { abortSignal }),
      );
      const { Timestamps: hours = [], Values: tasks = [] } = capacity ?? {};
      for (const [index, hour] of hours.entries()) found.push([hour.getTime(), tasks[index] ?? 0]);
    }
    return found;
  }

  close(): void {
    this.#scaling.destroy();
    this.#cloudwatch.destroy();
  }

  #ask<T>(send: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
    return limited(this.#limits.callMs, this.#abort, send);
  }
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

async function allPages<T>(ask: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, next } = await ask(token);
    found.push(...items);
    if (next === undefined) break;
    token = next;
  }
  return found;
}
