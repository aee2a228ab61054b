/** Many accounts and Regions: what docs/fleet.md says, synthesized. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MonitoringAccount, Policies, SchmittStack } from '../../lib/cdk/index.ts';
import { printPolicies } from '../../lib/policy/document/print.ts';
import { fleet, policy, readable, synthesize, testApp } from './synthesized.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/fleet.md'), 'utf8');
const policies = Policies.fromText(printPolicies(fleet(policy('prod/checkout', 'act'))));
/** CloudFormation fills the Region in. */
const BUCKET = `schmitt-assets-\${AWS::Region}`;

describe('a template for a StackSet', () => {
  const synthesizer = new DefaultStackSynthesizer({
    fileAssetsBucketName: BUCKET,
    generateBootstrapVersionRule: false,
  });
  const stack = new SchmittStack(testApp(), 'Schmitt', { policies, synthesizer: synthesizer as IStackSynthesizer });
  const template = Template.fromStack(stack).toJSON();
  const text = JSON.stringify(template);

  test('needs nothing that another account has not: no bootstrapping, no role and no name of one account', () => {
    expect(Object.keys(template.Parameters)).toEqual(['Mode', 'AlarmEmail']);
    expect(template.Rules).toBeUndefined();
    expect(text).not.toMatch(/cdk-hnb659fds|\b\d{12}\b/);
    expect(text).toContain(JSON.stringify({ 'Fn::Sub': BUCKET }));
  });

  test('has defaults for every parameter, and no macro that StackSets refuse', () => {
    for (const parameter of Object.values<{ Default?: unknown }>(template.Parameters)) {
      expect(parameter.Default).toBeDefined();
    }
    expect(template.Transform).toBeUndefined();
    expect(text).not.toContain('Fn::ImportValue');
  });

  test('is no larger than a template may be, and named in the page with the bucket of its assets', () => {
    expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(1024 * 1024);
    expect(page).toContain(`-c assetsBucket='${BUCKET}'`);
  });
});

describe('seen in one place', () => {
  test('every scaler links metrics, logs and traces to the sink that it is given', () => {
    const sink = 'arn:aws:oam:eu-west-1:111122223333:sink/one';
    const { template } = synthesize(fleet(policy('prod/checkout', 'act')), { monitoringSinkArn: sink });
    template.hasResourceProperties('AWS::Oam::Link', {
      SinkIdentifier: sink,
      ResourceTypes: ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup', 'AWS::XRay::Trace'],
    });
    synthesize(fleet(policy('prod/checkout', 'act'))).template.resourceCountIs('AWS::Oam::Link', 0);
  });

  test('the sink takes links of the organization, or of named accounts, and of no other kind', () => {
    const statements = (props: ConstructorParameters<typeof MonitoringAccount>[2]) => {
      const stack = new Stack(testApp(), 'Monitoring');
      new MonitoringAccount(stack, 'Schmitt', props);
      const [sink] = Object.values(Template.fromStack(stack).findResources('AWS::Oam::Sink'));
      return readable(sink?.Properties.Policy.Statement);
    };
    const shared = { 'oam:ResourceTypes': ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup', 'AWS::XRay::Trace'] };
    expect(statements({ organizationId: 'o-1' })).toMatchObject([
      {
        Principal: '*',
        Condition: { 'ForAllValues:StringEquals': shared, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      },
    ]);
    expect(statements({ accounts: ['111122223333'] })).toMatchObject([{ Principal: { AWS: ['111122223333'] } }]);
    expect(() => statements({})).toThrow('Monitoring: give organizationId or accounts, or nobody may link.');
  });
});

describe('shards', () => {
  test('have a schedule each and one function, which knows how many there are', () => {
    const { template } = synthesize(fleet(policy('prod/checkout', 'act')), { shards: 4 });
    const inputs = Object.values(template.findResources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => JSON.parse(Properties.Target.Input ?? '{}').shard,
    );
    expect(inputs.filter(Boolean)).toEqual(['0', '1', '2', '3']);
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 30 });
    expect(JSON.stringify(template.toJSON())).toContain('"SHARDS":"4"');
  });
});
