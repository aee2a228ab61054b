/** What a CDK app imports. */
export type { BackstopProps } from './backstop.ts';
export type { Decided, TickMetric } from './metrics.ts';
export { MonitoringAccount, type MonitoringAccountProps } from './monitoring-account.ts';
export type * from './pace-props.ts';
export { Policies } from './policies.ts';
export type { PrometheusProps } from './prometheus.ts';
export type * from './rule-props.ts';
export type * from './scale-props.ts';
export { Schmitt } from './schmitt.ts';
export type { SchmittProps } from './schmitt-props.ts';
export { type MetricSignalOptions, type QueueSignalOptions, Signal, type SignalOptions } from './signal.ts';
export { SchmittStack, type SchmittStackProps } from './stack.ts';
export type * from './window-props.ts';
