/** Signals from objects: what a policy file writes as names and dimensions, derived from the resource itself. */
import { type Duration, Token } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { AlbMetricName } from '../policy/document/defaults.ts';
import type { SignalDocument } from '../policy/document/schema.ts';
import { durationText } from '../policy/duration.ts';
import type { StandIns } from './stand-ins.ts';

export interface SignalOptions {
  /**
   * Length of a datapoint.
   * @default - the source's: one minute, or the cadence for what is read at each tick
   */
  readonly period?: Duration;
  /**
   * How long after its end a datapoint may still be missing or change.
   * @default - the source's
   */
  readonly publicationDelay?: Duration;
  /**
   * What a datapoint that does not come means.
   * @default 'unknown'
   */
  readonly whenMissing?: 'unknown' | 'zero' | { readonly use: string };
  /**
   * In percent of this other signal.
   * @default - in its own unit
   */
  readonly shareOf?: string;
}

export interface MetricSignalOptions extends SignalOptions {
  /**
   * CloudWatch statistic: `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, `p95` and the like.
   * @default - the metric's own
   */
  readonly statistic?: string;
  /**
   * Counts of a period as a rate.
   * @default - the count of the period
   */
  readonly per?: 'second' | 'minute';
}

export interface QueueSignalOptions extends SignalOptions {
  /**
   * Which messages are counted.
   * @default 'backlog', visible and in flight
   */
  readonly count?: 'backlog' | 'visible' | 'inFlight' | 'delayed';
}

/** `written` is the signal as a policy file has it; `path` says where the signal stands, for stand-ins. */
type Write = (standIns: StandIns, path: string) => SignalDocument;

export class Signal {
  /** CPU of the service, percent, averaged over its tasks. */
  static cpu(options: MetricSignalOptions = {}): Signal {
    return new Signal(() => ({ ecs: 'CPUUtilization', ...metricFields(options) }), options);
  }

  /** Memory of the service, percent, averaged over its tasks. */
  static memory(options: MetricSignalOptions = {}): Signal {
    return new Signal(() => ({ ecs: 'MemoryUtilization', ...metricFields(options) }), options);
  }

  /** A metric of the load balancer, over all target groups that the service has; response times are in milliseconds. */
  static loadBalancer(metric: AlbMetricName, options: MetricSignalOptions = {}): Signal {
    return new Signal(() => ({ alb: metric, ...metricFields(options) }), options);
  }

  /** Messages of a queue, read from SQS itself. */
  static queue(queue: IQueue, { count, ...options }: QueueSignalOptions = {}): Signal {
    const write: Write = (standIns, path) => ({
      sqs: standIns.of(queue.queueUrl, `${path}/${queue.node.id}`),
      ...(count === undefined ? {} : { count }),
      ...everyField(options),
    });
    return new Signal(write, options, queue);
  }

  /** Any CloudWatch metric of the function's own account and Region. */
  static metric(metric: IMetric, options: MetricSignalOptions = {}): Signal {
    return new Signal((standIns, path) => metricDocument(metric, options, standIns, path), options);
  }

  /** CloudWatch metric math over other signals of the service, by their names. */
  static math(expression: string, options: SignalOptions = {}): Signal {
    return new Signal(() => ({ math: expression, ...everyField(options) }), options, undefined, expression);
  }

  /** A query of a Prometheus; `from` names it as a policy file does. */
  static promql(query: string, from: string, options: SignalOptions = {}): Signal {
    return new Signal(() => ({ promql: query, from, ...everyField(options) }), options);
  }

  /** A number that the application says itself, as an event `schmitt.signal`; see `Schmitt.grantPush`. */
  static pushed(options: SignalOptions = {}): Signal {
    return new Signal(() => ({ pushed: true, ...everyField(options) }), options);
  }

  /** The signal as a policy file has it. Throws one clause where it cannot be. */
  readonly written: Write;
  /** The queue that is read, which must let the tick read it. */
  readonly queue: IQueue | undefined;
  /** Texts that name other signals. */
  readonly names: readonly string[];

  private constructor(written: Write, options: SignalOptions, queue?: IQueue, expression = '') {
    const { shareOf = '', whenMissing } = options;
    this.written = written;
    this.queue = queue;
    this.names = [shareOf, expression, typeof whenMissing === 'object' ? whenMissing.use : ''];
  }
}

function everyField({ period, publicationDelay, whenMissing, shareOf }: SignalOptions) {
  return {
    ...(period === undefined ? {} : { period: textOf(period) }),
    ...(publicationDelay === undefined ? {} : { publicationDelay: textOf(publicationDelay) }),
    ...(whenMissing === undefined ? {} : { whenMissing }),
    ...(shareOf === undefined ? {} : { shareOf }),
  };
}

function metricFields({ statistic, per, ...options }: MetricSignalOptions) {
  return {
    ...(statistic === undefined ? {} : { stat: statistic }),
    ...(per === undefined ? {} : { per }),
    ...everyField(options),
  };
}

/** Throws one clause where the metric is none that can be read: the caller knows which signal it is. */
function metricDocument(
  metric: IMetric,
  options: MetricSignalOptions,
  standIns: StandIns,
  path: string,
): SignalDocument {
  const { metricStat } = metric.toMetricConfig();
  if (metricStat === undefined) throw new Error('is a math expression; write Signal.math over other signals');
  const { namespace, metricName, dimensions = [], statistic, period } = metricStat;
  return {
    cloudwatch: {
      namespace,
      metric: metricName,
      dimensions: Object.fromEntries(
        dimensions.map(({ name, value }) => [name, standIns.of(String(value), `${path}/${name}`)]),
      ),
    },
    ...metricFields({ statistic, period, ...options }),
  };
}

/** As a policy file writes it. Throws one clause where its value is not known at synth. */
export function textOf(duration: Duration): string {
  if (duration.isUnresolved() || Token.isUnresolved(duration)) {
    throw new Error('is a token; its length must be known at synth, as in Duration.minutes(5)');
  }
  return durationText(duration.toSeconds());
}
