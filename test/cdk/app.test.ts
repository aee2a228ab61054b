import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'app-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the app as the CDK CLI does, with an environment that has no credentials and no Region in it. */
function runApp(name: string, context: Readonly<Record<string, string>>) {
  const outdir = join(folder, name);
  const { status, stderr } = spawnSync(process.execPath, ['lib/cdk/app.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  return { status, stderr, outdir };
}

/** CloudFormation fills the Region in. */
const PER_REGION = `schmitt-assets-\${AWS::Region}`;

/** The folders of the functions. */
function assetsOf(outdir: string): string[] {
  const { files } = read(outdir, 'Schmitt.assets.json');
  return Object.values(files as Record<string, { source: { path: string; packaging: string } }>)
    .filter(({ source }) => source.packaging === 'zip')
    .map(({ source }) => join(outdir, source.path));
}

/** What AppConfig is given. */
function configurationIn(template: { Resources: Record<string, { Type: string; Properties: { Content: string } }> }) {
  const hosted = Object.values(template.Resources).find(
    ({ Type }) => Type === 'AWS::AppConfig::HostedConfigurationVersion',
  );
  return hosted?.Properties.Content ?? '';
}

const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

describe('the app', () => {
  test('synthesizes one stack with the built functions, without credentials', () => {
    const { status, stderr, outdir } = runApp('examples', { policies: 'examples/policies' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    // CloudFormation's own rules, and cdk-nag's, print what they find.
    expect(stderr.split('\n').filter((line) => /WARNING|ERROR/.test(line))).toEqual([]);
    const template = read(outdir, 'Schmitt.template.json');
    expect(Object.keys(template.Parameters)).toEqual(['Mode', 'AlarmEmail', 'BootstrapVersion']);

    const assets = assetsOf(outdir).map((asset) => readdirSync(asset).sort().join());
    expect(assets).toHaveLength(3);
    expect(new Set(assets)).toEqual(new Set(['index.mjs,index.mjs.map']));
    expect(JSON.parse(configurationIn(template))).toMatchObject({
      policies: { v: 1, services: [{ cluster: 'prod', service: 'checkout', mode: 'shadow' }] },
      names: {},
    });
  });

  test('for a StackSet: no account needs to be bootstrapped, and the assets lie in a bucket of each Region', () => {
    const { status, outdir } = runApp('stackset', {
      policies: 'examples/policies',
      assetsBucket: PER_REGION,
      shards: '4',
    });
    expect(status).toBe(0);
    const template = read(outdir, 'Schmitt.template.json');
    expect(Object.keys(template.Parameters)).toEqual(['Mode', 'AlarmEmail']);
    expect(template).not.toHaveProperty('Rules');
    const [tick] = Object.entries(template.Resources)
      .filter(([id]) => id.startsWith('Tick'))
      .map(([, one]) => one as { Properties: { Code?: unknown } })
      .filter(({ Properties }) => Properties.Code !== undefined);
    expect(tick?.Properties.Code).toMatchObject({ S3Bucket: { 'Fn::Sub': PER_REGION } });
  });

  test.each([
    [
      'a folder that is not there',
      'nowhere',
      'Policies folder "nowhere" does not exist: give a folder of .yaml files.\n',
    ],
    [
      'a folder without policies',
      'lib/cdk',
      'Policies folder "lib/cdk" holds no .yaml file: write one, or give another folder.\n',
    ],
  ])('refuses %s in one sentence and writes nothing', (_case, policies, sentence) => {
    const { status, stderr, outdir } = runApp(policies.replace('/', '-'), { policies });
    expect({ status, stderr }).toEqual({ status: 2, stderr: sentence });
    expect(existsSync(join(outdir, 'Schmitt.template.json'))).toBe(false);
  });

  test.each([
    [{ mode: 'dry' }, 'Context mode is "dry": write -c mode=shadow or -c mode=act.\n'],
    [{ leaveOut: 'alarms' }, 'Context leaveOut is "alarms": write some of compositeAlarms,mathAlarms.\n'],
    [{ assetsBucket: '' }, 'Context assetsBucket is "": write -c assetsBucket=NAME.\n'],
  ])('refuses %j in one sentence', (context, sentence) => {
    const { status, stderr } = runApp('context', { policies: 'examples/policies', ...context });
    expect({ status, stderr }).toEqual({ status: 2, stderr: sentence });
  });
});
