/**
 * The operator's form, field by field: the single source of what is read, of the types of a document, and of the JSON Schema for editors.
 * What fields mean together is checked afterwards (`compile*.ts`). A text given to a check is the mend that its sentence ends with.
 */
import * as z from 'zod/mini';
import { ALB_METRICS, type AlbMetricName } from './defaults.ts';

/** ECS runs 5,000 tasks a service; the quota can be raised. */
export const MOST_TASKS = 10_000;
export const MOST_PERIODS = 100;

const NUMBER_AND_UNIT = 'write a number with its unit, as in 90s, 5m, 1h30m or 2d';
const DURATION = /^(?=\d)(?:\d{1,3}d)?(?:\d{1,4}h)?(?:\d{1,6}m)?(?:\d{1,8}s)?$/;
const PERCENT = /^\d{1,6}(?:\.\d{1,4})?%$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;
const AN_INSTANT = 'write an instant with its offset, as in 2026-11-11T00:00:00+08:00';
const STAT = /^(?:Average|Sum|Minimum|Maximum|SampleCount|IQM|p100|(?:p|tm|tc|ts|wm)\d{1,2}(?:\.\d{1,10})?)$/;

const matching = (pattern: RegExp, mend: string) => z.string(mend).check(z.regex(pattern, mend));
const text = (mend: string, longest = 300) => z.string(mend).check(z.minLength(1, mend), z.maxLength(longest, mend));
const duration = () => matching(DURATION, NUMBER_AND_UNIT);
const tasks = (least: number) => z.int().check(z.gte(least), z.lte(MOST_TASKS));
const positive = () => z.number().check(z.gt(0));
const optional = z.optional;

const serviceName = () =>
  matching(
    /^(?:[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}|arn:.{1,600})$/,
    'write cluster/service, as in prod/checkout, or the ARN of the service',
  );
const signalName = () => text('write the name of a signal', 64);

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

const signal = z.union([
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
  z.strictObject({ math: text('write metric math over signals, as in errors / requests * 100', 2000), ...everySignal }),
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
]);

const condition = () => text('write a condition in quotes, as in cpu > 70', 20_000);
const ruleName = () => matching(/^[\w][\w .-]{0,63}$/, 'write a name of letters, digits, spaces, _ . and -');
const bound = () => optional(z.number().check(z.describe('Of the signal; left away: unbounded')));
const atLeast = optional(tasks(1).check(z.describe('Tasks, where the percent come to less')));

const changeOut = { add: optional(tasks(0)), addPercent: optional(positive()), setTo: optional(tasks(0)), atLeast };
const changeIn = {
  remove: optional(tasks(0)),
  removePercent: optional(positive().check(z.lte(100))),
  setTo: optional(tasks(0)),
  atLeast,
};
const steps = <Shape extends object>(change: Shape) =>
  z.array(z.strictObject({ from: bound(), to: bound(), ...change })).check(z.minLength(1), z.maxLength(40));
const rule = {
  name: ruleName(),
  when: optional(condition().check(z.describe('CEL over the signals; with bands it may be left away'))),
  trueFor: optional(
    matching(/^\d{1,3} of \d{1,3}$/, 'write m of n, as in 3 of 5').check(
      z.describe('True periods of the last settled ones'),
    ),
  ),
  thenWait: optional(duration().check(z.describe('Silence of this rule after it has acted'))),
};
const outRule = z.strictObject({
  ...rule,
  ...changeOut,
  bands: optional(z.strictObject({ signal: signalName(), steps: steps(changeOut) })),
});
const inRule = z.strictObject({
  ...rule,
  ...changeIn,
  bands: optional(z.strictObject({ signal: signalName(), steps: steps(changeIn) })),
});

const percent = () => matching(PERCENT, 'write it with its unit, as in 10%');
const tolerance = optional(
  z.union(
    [percent(), z.strictObject({ out: optional(percent()), in: optional(percent()) })],
    'write it with its unit, as in 10%, or { out: 5%, in: 20% }',
  ),
);
const target = z.union([
  z.strictObject({ name: optional(ruleName()), signal: signalName(), perTask: positive(), tolerance }),
  z.strictObject({
    name: optional(ruleName()),
    backlog: signalName().check(z.describe('The signal that counts messages')),
    finishWithin: duration(),
    secondsPerMessage: positive(),
    parallelPerTask: optional(positive()),
    tolerance,
  }),
]);

const PRESETS = ['fast', 'normal', 'slow'] as const;
const limit = () =>
  matching(/^(?:\d{1,6}(?:\.\d{1,4})?%|\d{1,5} tasks?)$/, 'write percent or tasks, as in [100%, 4 tasks]');
const pace = z.union(
  [
    z.enum(PRESETS),
    z.strictObject({
      preset: optional(z.enum(PRESETS).check(z.describe('Says what is left away here; normal by default'))),
      cooldown: optional(
        matching(
          /^(?:verified|(?=\d)(?:\d{1,3}d)?(?:\d{1,4}h)?(?:\d{1,6}m)?(?:\d{1,8}s)?)$/,
          'write verified or a duration, as in 5m',
        ),
      ),
      stabilization: optional(duration()),
      upTo: optional(
        z.union(
          [limit(), z.array(limit()).check(z.minLength(1), z.maxLength(2))],
          'write percent or tasks, as in [100%, 4 tasks]',
        ),
      ),
      pick: optional(z.enum(['larger', 'smaller'])),
      per: optional(duration()),
    }),
  ],
  'write fast, normal or slow, or a map of cooldown, stabilization, upTo, pick and per',
);

const calendarName = () => text('name a calendar', 64);
const window = {
  name: optional(text('write a name', 128)),
  cron: optional(text('write five fields, as in 0 8 * * MON-FRI', 200).check(z.describe('Starts, in the time zone'))),
  from: optional(matching(INSTANT, AN_INSTANT)),
  to: optional(matching(INSTANT, AN_INSTANT)),
  lasts: optional(duration()),
  until: optional(
    matching(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "write the time of day in quotes, as in '20:00'").check(
      z.describe('Time of day in the time zone, for a cron of one time a day'),
    ),
  ),
  timezone: optional(text('write an IANA time zone, as in Asia/Shanghai', 64)),
  calendar: optional(calendarName().check(z.describe('Only windows that start on its dates'))),
  except: optional(calendarName().check(z.describe('Not windows that start on its dates'))),
};
const scheduled = z.strictObject({
  ...window,
  min: optional(tasks(0)),
  max: optional(tasks(0)),
  desired: optional(tasks(0).check(z.describe('Set once, at the start of the window'))),
});
const freeze = z.strictObject({ ...window, forbid: optional(z.enum(['scaleIn', 'scaleOut', 'both'])) });

const service = {
  mode: optional(z.enum(['act', 'shadow', 'off']).check(z.describe('shadow decides and records only'))),
  capacity: optional(z.strictObject({ min: optional(tasks(0)), max: optional(tasks(1)) })),
  cadence: optional(duration().check(z.describe('Time between two decisions'))),
  signals: optional(z.record(z.string(), signal)),
  scaleOut: optional(z.array(outRule)),
  scaleIn: optional(z.array(inRule)),
  targets: optional(z.array(target)),
  pace: optional(z.strictObject({ out: optional(pace), in: optional(pace) })),
  schedule: optional(z.array(scheduled)),
  freeze: optional(z.array(freeze)),
  guard: optional(
    z.strictObject({
      holdInWhile: optional(z.array(condition())),
      whenBlindFor: optional(z.record(duration(), z.strictObject({ atLeast: tasks(1) }))),
      unknownAbstainsAfter: optional(duration()),
    }),
  ),
};

const pattern = () => matching(/^[A-Za-z0-9_*/-]{1,520}$/, 'write cluster/service, where * stands for any text');
const A_TAG = 'write the tags that a service must carry, as in { schmitt: web }';

export const policyDocument = z.strictObject({
  $schema: optional(z.string()),
  version: z.literal(1).check(z.describe('Version of the language')),
  defaults: optional(z.strictObject(service).check(z.describe('For every service that does not say otherwise'))),
  services: optional(
    z.array(
      z.strictObject({
        service: optional(serviceName()),
        tagged: optional(
          z.record(z.string().check(z.minLength(1, A_TAG), z.maxLength(128, A_TAG)), z.string(A_TAG), A_TAG),
        ),
        ...service,
      }),
    ),
  ),
  groups: optional(
    z.array(
      z.strictObject({ name: ruleName(), services: z.array(serviceName()).check(z.minLength(1)), maxTasks: tasks(1) }),
    ),
  ),
  allow: optional(z.array(pattern())),
  deny: optional(z.array(pattern())),
  calendars: optional(
    z.record(
      z.string().check(z.minLength(1), z.maxLength(64)),
      z.array(matching(/^\d{4}-\d\d-\d\d$/, 'write a date, as in 2026-12-25')),
    ),
  ),
});

export type PolicyDocument = z.infer<typeof policyDocument>;
export type ServiceDocument = NonNullable<PolicyDocument['services']>[number];
export type DefaultsDocument = NonNullable<PolicyDocument['defaults']>;
export type SignalDocument = NonNullable<DefaultsDocument['signals']>[string];
export type OutRuleDocument = NonNullable<DefaultsDocument['scaleOut']>[number];
export type InRuleDocument = NonNullable<DefaultsDocument['scaleIn']>[number];
export type TargetDocument = NonNullable<DefaultsDocument['targets']>[number];
export type PaceDocument = NonNullable<NonNullable<DefaultsDocument['pace']>['out']>;
export type ScheduledDocument = NonNullable<DefaultsDocument['schedule']>[number];
export type FreezeDocument = NonNullable<DefaultsDocument['freeze']>[number];
export type GroupDocument = NonNullable<PolicyDocument['groups']>[number];

/** JSON Schema (draft 7, which editors know best) of a policy document, for `# yaml-language-server: $schema=`. */
export function policyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(policyDocument, { target: 'draft-07', io: 'input' }), title: 'Schmitt policy' };
}
