/** Every example app is synthesized as the CDK CLI does it, without credentials, and says what its comments promise. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';

const ROOT = resolve(import.meta.dirname, '../..');
const outdir = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(outdir, { recursive: true }));

interface Synthesized {
  readonly templates: Readonly<Record<string, Template>>;
  /** What the app's constructs said, errors and warnings. */
  readonly said: readonly string[];
}

function synthesize(name: string): Synthesized {
  const out = join(outdir, name);
  // Functions are not bundled here: what a template says does not depend on their code.
  const context = { 'aws:cdk:bundling-stacks': [] };
  const { status, stderr } = spawnSync(process.execPath, [`examples/${name}/app.ts`], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('Error') });
  const read = (file: string) => JSON.parse(readFileSync(join(out, file), 'utf8'));
  const templates = readdirSync(out).filter((file) => file.endsWith('.template.json'));
  const said = readdirSync(out)
    .filter((file) => file.endsWith('.metadata.json') || file === 'manifest.json')
    .flatMap((file) => [...JSON.stringify(read(file)).matchAll(/"type":"aws:cdk:(?:error|warning)","data":"([^"]*)"/g)])
    .map(([, data = '']) => data);
  return {
    templates: Object.fromEntries(templates.map((file) => [file.split('.')[0], Template.fromJSON(read(file))])),
    said,
  };
}

const stackOf = ({ templates }: Synthesized, name: string): Template => {
  const found = templates[name];
  if (found === undefined) throw new Error(`There is no stack ${name}.`);
  return found;
};

function policiesOf(template: Template): string {
  const [hosted] = Object.values(template.findResources('AWS::AppConfig::HostedConfigurationVersion'));
  return JSON.stringify(hosted?.Properties.Content);
}

test('every example app is tested here', () => {
  const apps = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('app.ts'))
    .map((file) => file.split('/')[0]);
  expect(apps.sort()).toEqual(['adopt-in-shadow', 'fleet-by-tag', 'queue-worker', 'web-service']);
});

describe('the web service', () => {
  const example = synthesize('web-service');
  const template = stackOf(example, 'WebService');

  test('has nothing to be said about it', () => {
    expect(example.said.filter((text) => !text.includes('@aws-cdk/'))).toEqual([]);
  });

  test('leaves its count to the scaler, and has a backstop that only scales out', () => {
    const [service] = Object.values(template.findResources('AWS::ECS::Service'));
    expect(service?.Properties).not.toHaveProperty('DesiredCount');
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { DisableScaleIn: true, TargetValue: 95 },
    });
  });

  test('is decided by its balancer and its tasks', () => {
    for (const signal of ['RequestCount', 'TargetResponseTime', 'CPUUtilization', 'HTTPCode_Target_5XX_Count']) {
      expect(policiesOf(template)).toContain(signal);
    }
  });
});

describe('the queue worker', () => {
  const template = stackOf(synthesize('queue-worker'), 'QueueWorker');

  test('goes down to zero, and looks at its queue three times a minute', () => {
    expect(policiesOf(template)).toContain('\\"min\\":0');
    expect(policiesOf(template)).toContain('\\"cadenceSeconds\\":20');
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
  });

  test('may read that queue and change that service, and no other', () => {
    const policies = JSON.stringify([
      template.findResources('AWS::IAM::Role'),
      template.findResources('AWS::IAM::Policy'),
    ]);
    expect(policies).toContain('"sqs:GetQueueAttributes"');
    expect(policies).toContain(':service/prod/');
    expect(policies).not.toContain(':service/prod/*');
  });
});

describe('the adopted service', () => {
  const template = stackOf(synthesize('adopt-in-shadow'), 'AdoptInShadow');

  test('cannot be changed: neither the function nor its role may', () => {
    const [allows] = [
      JSON.stringify([template.findResources('AWS::IAM::Role'), template.findResources('AWS::IAM::Policy')]),
    ];
    const changing = [
      ...(allows ?? '').matchAll(/"Action":"ecs:UpdateService","Condition":[^}]*\}\},"Effect":"(\w+)"/g),
    ];
    expect(changing.map(([, effect]) => effect)).toEqual(['Deny']);
    expect(allows?.match(/ecs:UpdateService/g)).toHaveLength(1);
  });

  test('goes by its names, beside one of a file', () => {
    expect(policiesOf(template)).toContain('\\"service\\":\\"checkout\\"');
    expect(policiesOf(template)).toContain('\\"service\\":\\"billing\\"');
  });
});

describe('the fleet', () => {
  const example = synthesize('fleet-by-tag');
  const fleet = stackOf(example, 'Fleet');

  test('is found by its tag, and only what carries it may be changed', () => {
    const policies = JSON.stringify(fleet.findResources('AWS::IAM::Policy'));
    expect(policies).toContain('"aws:ResourceTag/schmitt":"web"');
  });

  test('is shared by four functions’ schedules, beside those of the checks', () => {
    fleet.resourceCountIs('AWS::Scheduler::Schedule', 6);
  });

  test('is seen by the monitoring account', () => {
    fleet.resourceCountIs('AWS::Oam::Link', 1);
    stackOf(example, 'Monitoring').resourceCountIs('AWS::Oam::Sink', 1);
  });
});
