/** Stacks of small fleets, as templates: for the tests of the construct and the stack. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { App, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Policies } from '../../lib/cdk/policies.ts';
import { SchmittStack, type SchmittStackProps } from '../../lib/cdk/stack.ts';
import { printPolicies } from '../../lib/policy/document/print.ts';
import { versionOf } from '../../lib/policy/document/version.ts';
import type { Mode, PolicySet, ServicePolicy } from '../../lib/policy/policy.ts';

const DAMPING = {
  cooldown: { kind: 'verified' },
  stabilizationSeconds: 0,
  upTo: { percent: 100, tasks: 4, pick: 'larger', periodSeconds: 60 },
} as const;

export function policy(name: string, mode: Mode): ServicePolicy {
  const [cluster = '', service = ''] = name.split('/');
  return {
    cluster,
    service,
    mode,
    cadenceSeconds: 60,
    capacity: { min: 2, max: 20 },
    signals: {},
    scaleOut: [],
    scaleIn: [],
    targets: [],
    pace: { out: DAMPING, in: DAMPING },
    schedule: [],
    freeze: [],
    guard: { holdInWhile: [], unknownAbstainsAfterSeconds: 600, whenBlindFor: [] },
  };
}

export function fleet(...services: readonly ServicePolicy[]): PolicySet {
  const set = { services, tagged: [], groups: [], allow: [], deny: [] };
  return { version: versionOf(set), ...set };
}

/** What a test's apps write; gone when its file ends. */
const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * An app whose assets are not bundled: what a template says does not depend on the code. CloudFormation's rules are asked of the app itself
 * (`app.test.ts`), not of every small stack here: they take longer than all the rest.
 */
export function testApp(): App {
  const outdir = mkdtempSync(join(folder, 'app-'));
  return new App({ outdir, builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } });
}

export interface Synthesized {
  readonly app: App;
  readonly stack: SchmittStack;
  readonly template: Template;
}

export function synthesize(policies: PolicySet, props: Partial<SchmittStackProps> = {}): Synthesized {
  const app = testApp();
  const stack = new SchmittStack(app, 'Schmitt', {
    mode: 'act',
    policies: Policies.fromText(printPolicies(policies), 'fleet.yaml'),
    ...props,
  });
  return { app, stack, template: Template.fromStack(stack) };
}

/** The sentences of errors, or of warnings, that a stack's constructs say at synth. */
export function said(stack: Stack, level: 'error' | 'warning'): readonly string[] {
  const annotations = Annotations.fromStack(stack);
  const found =
    level === 'error' ? annotations.findError('*', Match.anyValue()) : annotations.findWarning('*', Match.anyValue());
  return found.map(({ entry }) => String(entry.data));
}

/** A template's value with its references resolved to something that can be read: `<Table.Arn>`, `<AWS::Region>`. */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, given] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (name === 'Ref') return `<${withoutHash(String(given))}>`;
  if (name === 'Fn::GetAtt') return `<${(given as string[]).map(withoutHash).join('.')}>`;
  if (name === 'Fn::Join') return (readable((given as [string, unknown[]])[1]) as string[]).join('');
  return Object.fromEntries(entries.map(([key, inner]) => [key, readable(inner)]));
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
