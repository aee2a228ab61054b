/** The stack of a small fleet, as a template: for the tests of the stack. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SchmittStack, type SchmittStackProps } from '../../lib/cdk/stack.ts';
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

/** An asset with nothing in it: what a template says does not depend on the code. */
function emptyAsset(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asset-'));
  writeFileSync(join(folder, 'index.mjs'), 'export const handler = async () => undefined;\n');
  return folder;
}

export interface Synthesized {
  readonly app: App;
  readonly stack: SchmittStack;
  readonly template: Template;
}

export function synthesize(policies: PolicySet, props: Partial<SchmittStackProps> = {}): Synthesized {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'assembly-')) });
  const stack = new SchmittStack(app, 'Schmitt', { policies, tickAsset: emptyAsset(), ...props });
  return { app, stack, template: Template.fromStack(stack) };
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
