/** A signal as an operator writes it: one member of the union a source. */
import * as z from 'zod/mini';
import { ALB_METRICS, type AlbMetricName } from './defaults.ts';
import { duration, matching, positive, signalName, text } from './fields.ts';

const optional = z.optional;
const STAT = /^(?:Average|Sum|Minimum|Maximum|SampleCount|IQM|p100|(?:p|tm|tc|ts|wm)\d{1,2}(?:\.\d{1,10})?)$/;

const whenMissing = z.union(
  [z.enum(['unknown', 'zero']), z.strictObject({ use: signalName() })],
  'write unknown, zero or { use: another signal }',
);

/** What every signal may say, whatever its source. */
const everySignal = {
  period: optional(duration().check(z.describe('Length of a datapoint'))),
  publicationDelay: optional(
    duration().check(z.describe('How long after its end a datapoint may still be missing or change')),
  ),
  scale: optional(positive().check(z.describe('The policy sees the number times this'))),
  averagedOverTasks: optional(z.boolean().check(z.describe('Demand is the number times the tasks that made it'))),
  whenMissing: optional(whenMissing.check(z.describe('What a datapoint that does not come means'))),
  shareOf: optional(signalName().check(z.describe('In percent of another signal'))),
};
const stat = optional(
  matching(STAT, 'write Average, Sum, Minimum, Maximum, SampleCount, or a percentile as in p95').check(
    z.describe('CloudWatch statistic'),
  ),
);
const per = optional(z.enum(['second', 'minute']).check(z.describe('Counts of a period as a rate')));

export const signal = z.union(
  [
    z.strictObject({ ecs: z.enum(['CPUUtilization', 'MemoryUtilization']), stat, ...everySignal }),
    z.strictObject({ alb: z.enum(Object.keys(ALB_METRICS) as AlbMetricName[]), stat, per, ...everySignal }),
    z.strictObject({
      cloudwatch: z.strictObject({
        namespace: text('write the namespace, as in AWS/Kinesis'),
        metric: text('write the name of the metric'),
        dimensions: optional(z.record(z.string(), z.string())),
      }),
      stat,
      per,
      ...everySignal,
    }),
    z.strictObject({
      math: text('write metric math over signals, as in errors / requests * 100', 2000),
      ...everySignal,
    }),
    z.strictObject({
      sqs: text('write the name of the queue, its URL or its ARN'),
      count: optional(z.enum(['backlog', 'visible', 'inFlight', 'delayed'])),
      ...everySignal,
    }),
    z.strictObject({
      promql: text('write a query in quotes', 4000),
      from: text('name the Prometheus that answers, as in from: amp'),
      ...everySignal,
    }),
    z.strictObject({ pushed: z.literal(true), ...everySignal }),
  ],
  'write its source, as in { ecs: CPUUtilization }',
);
