/** What others may do with a scaler, and what they can measure of it. */
import { describe, expect, test } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Policies, Schmitt, type SchmittProps } from '../../lib/cdk/index.ts';
import { TICK_METRICS, type TickMetric } from '../../lib/cdk/metrics.ts';
import { printPolicies } from '../../lib/policy/document/print.ts';
import { statementsOf } from './statements.ts';
import { fleet, policy, testApp } from './synthesized.ts';

const policies = Policies.fromText(printPolicies(fleet(policy('prod/checkout', 'act'))));

function granted(grant: (scaler: Schmitt, role: IRole) => unknown, props: SchmittProps = {}) {
  const stack = new Stack(testApp(), 'Web');
  const scaler = new Schmitt(stack, 'Schmitt', { policies, name: 'web', ...props });
  const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
  grant(scaler, new Role(stack, 'Somebody', { assumedBy }) as IRole);
  return statementsOf(Template.fromStack(stack), 'Somebody');
}

describe('grants', () => {
  test('to push numbers: events of that type on the default bus', () => {
    expect(granted((scaler, role) => scaler.grantPush(role))).toEqual([
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/default',
        Condition: { StringEquals: { 'events:detail-type': 'schmitt.signal' } },
      },
    ]);
  });

  test('to operate: read all, write overrides alone', () => {
    const [read, write] = granted((scaler, role) => scaler.grantOperate(role));
    expect(read).toMatchObject({ Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] });
    expect(write).toMatchObject({
      Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['overrides'] } },
    });
  });

  test('to deploy policies: through AppConfig, of this scaler', () => {
    const statements = granted((scaler, role) => scaler.grantDeployPolicies(role));
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      ...['appconfig:CreateHostedConfigurationVersion', 'appconfig:GetDeployment', 'appconfig:StartDeployment'],
      ...['appconfig:StopDeployment', 'appconfig:ValidateConfiguration'],
    ]);
    expect(JSON.stringify(statements)).not.toContain('"Resource":"*"');
  });

  test('to deploy policies that lie beside the function: nothing', () => {
    expect(granted((scaler, role) => scaler.grantDeployPolicies(role), { hotPolicies: false })).toEqual([]);
  });
});

describe('metrics', () => {
  const scaler = new Schmitt(new Stack(testApp(), 'Web'), 'Schmitt', { policies, name: 'web' });

  test.each(Object.keys(TICK_METRICS) as TickMetric[])('%s is of this scaler alone', (name) => {
    expect(scaler.metric(name).toMetricConfig().metricStat).toMatchObject({
      ...{ namespace: 'Schmitt', metricName: name },
      dimensions: [{ name: 'service', value: 'web' }],
    });
  });

  test('the usual ones have methods, which take options like others of the CDK', () => {
    const usual = [scaler.metricTickAge(), scaler.metricBreakerOpen(), scaler.metricSignalsMissing()];
    expect([...usual, scaler.metricReadCost()].map(({ metricName }) => metricName)).toEqual([
      ...['TickAge', 'BreakerOpen', 'SignalsMissing', 'ReadCost'],
    ]);
    expect(scaler.metricReadCost({ statistic: 'Maximum', label: 'dear' })).toMatchObject({ label: 'dear' });
    const decided = scaler.metricDecisions({ action: 'out', outcome: 'changed' }).toMetricConfig().metricStat;
    expect(decided?.dimensions).toEqual([
      { name: 'action', value: 'out' },
      { name: 'outcome', value: 'changed' },
      { name: 'service', value: 'web' },
    ]);
  });
});
