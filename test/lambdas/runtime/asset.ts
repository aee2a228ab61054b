/** The tick as it is deployed: asset, environment, time limit and event, out of the template that the app synthesizes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FUNCTION = 'AWS::Lambda::Function';
const ROOT = resolve(import.meta.dirname, '../../..');

export interface Deployed {
  /** Of the asset, with `index.mjs` in it. */
  readonly folder: string;
  /** As the template says; its references by the name of what they refer to, as `<Table>`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What is in AppConfig. */
  readonly configuration: string;
  /** What the schedule sends when it means this time. */
  eventAt(time: number): unknown;
  remove(): void;
}

/** Of the resources that are asked for, those that are read. */
interface Properties {
  readonly Code: { readonly S3Key: string };
  readonly Environment: { readonly Variables: Readonly<Record<string, string | { readonly Ref: string }>> };
  readonly Timeout: number;
  readonly Content: string;
  readonly Target: { readonly Input: string };
}

interface Resource {
  readonly Type: string;
  readonly Properties: Partial<Properties>;
}

export function synthesizeDeployed(policies: string): Deployed {
  const workFolder = mkdtempSync(join(tmpdir(), 'deployed-'));
  const outFolder = join(workFolder, 'cdk.out');
  const policyFile = join(workFolder, 'policies.yaml');
  writeFileSync(policyFile, policies);
  execFileSync(process.execPath, ['lib/cdk/app.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'ignore'],
    env: {
      PATH: process.env.PATH,
      CDK_OUTDIR: outFolder,
      CDK_CONTEXT_JSON: JSON.stringify({ policies: workFolder, mode: 'act' }),
    },
  });
  const read = (name: string) => JSON.parse(readFileSync(join(outFolder, name), 'utf8'));
  const resources: [string, Resource][] = Object.entries(read('Schmitt.template.json').Resources);
  const one = <K extends keyof Properties>(type: string, property: K): Properties[K] => {
    const found = resources.flatMap(([id, { Type, Properties }]) =>
      Type === type && (type !== FUNCTION || id.startsWith('Tick')) ? [Properties[property]] : [],
    );
    if (found[0] === undefined) throw new Error(`The template has no ${type} with ${property}.`);
    return found[0];
  };
  const { S3Key } = one(FUNCTION, 'Code');
  const assets: Record<string, { source: { path: string } }> = read('Schmitt.assets.json').files;
  const asset = assets[S3Key.replace('.zip', '')];
  if (asset === undefined) throw new Error(`No asset is called ${S3Key}.`);
  return {
    folder: resolve(outFolder, asset.source.path),
    variables: Object.fromEntries(
      Object.entries(one(FUNCTION, 'Environment').Variables).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : `<${value.Ref.replace(/[0-9A-F]{8}$/, '')}>`,
      ]),
    ),
    timeoutMs: one(FUNCTION, 'Timeout') * 1000,
    configuration: one('AWS::AppConfig::HostedConfigurationVersion', 'Content'),
    eventAt: (time) =>
      JSON.parse(
        one('AWS::Scheduler::Schedule', 'Target').Input.replace(
          '<aws.scheduler.scheduled-time>',
          new Date(time).toISOString(),
        ),
      ),
    remove: () => rmSync(workFolder, { recursive: true }),
  };
}
