/**
 * The operator's form: the single source of what is read, of the types of a document, and of the JSON Schema for editors.
 * What fields mean together is checked afterwards (`check.ts`).
 */
import * as z from 'zod/mini';
import { condition, duration, matching, ruleName, serviceName, tasks, text } from './fields.ts';
import { inRule, outRule, pace, target } from './rule-schema.ts';
import { signal } from './signal-schema.ts';
import { freeze, scheduled } from './window-schema.ts';

const optional = z.optional;
const service = {
  mode: optional(z.enum(['act', 'shadow', 'off']).check(z.describe('shadow decides and records only'))),
  capacity: optional(z.strictObject({ min: optional(tasks(0)), max: optional(tasks(1)) })),
  cadence: optional(duration().check(z.describe('Time between two decisions'))),
  signals: optional(z.record(z.string(), signal)),
  scaleOut: optional(z.array(outRule).check(z.maxLength(50))),
  scaleIn: optional(z.array(inRule).check(z.maxLength(50))),
  targets: optional(z.array(target).check(z.maxLength(50))),
  pace: optional(z.strictObject({ out: optional(pace), in: optional(pace) })),
  schedule: optional(z.array(scheduled).check(z.maxLength(200))),
  freeze: optional(z.array(freeze).check(z.maxLength(200))),
  guard: optional(
    z.strictObject({
      holdInWhile: optional(z.array(condition()).check(z.maxLength(50))),
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
    z
      .array(
        z.strictObject({
          service: optional(serviceName()),
          tagged: optional(
            z.record(z.string().check(z.minLength(1, A_TAG), z.maxLength(128, A_TAG)), z.string(A_TAG), A_TAG),
          ),
          ...service,
        }),
      )
      .check(z.maxLength(2500)),
  ),
  groups: optional(
    z.array(
      z.strictObject({ name: ruleName(), services: z.array(serviceName()).check(z.minLength(1)), maxTasks: tasks(1) }),
    ),
  ),
  allow: optional(z.array(pattern()).check(z.maxLength(200))),
  deny: optional(z.array(pattern()).check(z.maxLength(200))),
  calendars: optional(
    z.record(text('name the calendar', 64), z.array(matching(/^\d{4}-\d\d-\d\d$/, 'write a date, as in 2026-12-25'))),
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
