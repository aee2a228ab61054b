import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Policies } from '../../lib/cdk/policies.ts';
import { readDeployedPolicies } from '../../lib/policy/document/deployed.ts';
import { fleet, policy, readable, said, synthesize } from './synthesized.ts';

const set = fleet(policy('prod/checkout', 'act'), policy('prod/billing', 'shadow'));
const { template } = synthesize(set);
const properties = (type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => readable(Properties) as Record<string, unknown>);

describe('policies in AppConfig', () => {
  test('are what was written, in the form that the tick reads', () => {
    const [hosted] = properties('AWS::AppConfig::HostedConfigurationVersion');
    expect(hosted?.ContentType).toBe('application/json');
    const read = readDeployedPolicies(JSON.parse(String(hosted?.Content)));
    expect(read.services.map(({ service, mode }) => `${service} ${mode}`)).toEqual(['checkout act', 'billing shadow']);
  });

  test('are validated by our own function, which AppConfig may invoke', () => {
    const [profile] = properties('AWS::AppConfig::ConfigurationProfile');
    expect(profile?.Validators).toEqual([{ Type: 'LAMBDA', Content: '<Validate.Arn>' }]);
    expect(properties('AWS::Lambda::Permission')).toContainEqual(
      expect.objectContaining({ Principal: 'appconfig.amazonaws.com', FunctionName: '<Validate.Arn>' }),
    );
  });

  test('roll out in two steps within a minute, and bake for five more', () => {
    expect(properties('AWS::AppConfig::DeploymentStrategy')).toMatchObject([
      { GrowthFactor: 50, GrowthType: 'LINEAR', DeploymentDurationInMinutes: 1, FinalBakeTimeInMinutes: 5 },
    ]);
  });

  test('are taken back by the alarms that a bad policy sets off', () => {
    const [environment] = properties('AWS::AppConfig::Environment');
    const monitors = environment?.Monitors as { AlarmArn: string; AlarmRoleArn: string }[];
    expect(monitors.map(({ AlarmArn }) => AlarmArn)).toEqual([
      '<AlarmErrors.Arn>',
      '<AlarmUpdateRefused.Arn>',
      '<AlarmPoliciesRejected.Arn>',
    ]);
  });

  test('are named in the tick’s environment, and it may read them and no other', () => {
    const [tick] = properties('AWS::Lambda::Function');
    expect(tick).toMatchObject({ Environment: { Variables: { POLICIES: 'Schmitt/live/policies' } } });
    const reading = properties('AWS::IAM::Policy').filter(
      (one) => JSON.stringify(one).includes('appconfig:') && JSON.stringify(one.Roles) === '["<TickRole>"]',
    );
    expect(reading).toHaveLength(1);
    expect(JSON.stringify(reading)).toMatch(
      /"Resource":"arn:<AWS::Partition>:appconfig:<AWS::Region>:<AWS::AccountId>:application\/<PoliciesApplication>\/environment\/[^/]+\/configuration\/[^"*]+"/,
    );
  });

  test('are there before the first tick', () => {
    const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    expect(schedule?.DependsOn).toContainEqual(expect.stringMatching(/^PoliciesProfileDeployment/));
  });
});

test('without AppConfig they lie beside the function', () => {
  const { template: plain } = synthesize(set, { hotPolicies: false });
  for (const type of ['Application', 'Environment', 'HostedConfigurationVersion', 'Deployment']) {
    plain.resourceCountIs(`AWS::AppConfig::${type}`, 0);
  }
  plain.resourceCountIs('AWS::Lambda::Function', 2);
});

describe('more than a template holds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'many-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  for (let file = 0; file < 5; file += 1) {
    const services = Array.from({ length: 180 }, (_, index) => ({
      ...{ service: `prod/service-${file}-${index}`, capacity: { min: 2, max: 9 } },
      signals: { cpu: { ecs: 'CPUUtilization' } },
      scaleOut: [{ name: 'busy', when: 'cpu > 70', add: 1 }],
    }));
    writeFileSync(join(folder, `${file}.json`), JSON.stringify({ version: 1, services }));
  }
  const policies = Policies.fromDirectory(folder);

  test('is said at synth, with the way out', () => {
    expect(said(synthesize(set, { policies }).stack, 'error')).toEqual([
      expect.stringMatching(
        /^policies come to \d+ KB in the template, which has 800 KB for them; set hotPolicies to false, so that they lie beside the function, or use several scalers\.$/,
      ),
    ]);
  });

  test('lies beside the function', () => {
    expect(said(synthesize(set, { policies, hotPolicies: false }).stack, 'error')).toEqual([]);
  });
});

test('a file that says nothing sensible is an error of its line', () => {
  const { stack } = synthesize(set, { policies: Policies.fromText('version: 1\nservices: 7\n', 'fleet.yaml') });
  expect(said(stack, 'error').join()).toMatch(/^fleet\.yaml:2: services .*\.$/);
});
