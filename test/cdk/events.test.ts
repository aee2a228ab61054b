import { describe, expect, test } from '@jest/globals';
import type { PolicySet } from '../../lib/policy/policy.ts';
import { fleet, policy, readable, synthesize } from './synthesized.ts';

interface Rule {
  readonly Description: string;
  readonly EventPattern: Record<string, unknown>;
  readonly Targets: readonly Record<string, unknown>[];
}

function rulesOf(set: PolicySet): readonly Rule[] {
  const { template } = synthesize(set);
  return Object.values(template.findResources('AWS::Events::Rule')).map(
    ({ Properties }) => readable(Properties) as Rule,
  );
}

const arn = (name: string) => ({ prefix: `arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:service/${name}` });

/** The rule of deployments and placement failures. */
const heard = (rules: readonly Rule[]) =>
  rules.find(({ EventPattern }) => String(EventPattern['detail-type']).includes('ECS Deployment State Change'));

describe('rules', () => {
  const ecs = heard(rulesOf(fleet(policy('prod/web', 'act'), policy('stage/web', 'shadow'), policy('old/web', 'off'))));

  test('hear deployments and placement failures in the clusters of the policies', () => {
    expect(ecs?.EventPattern).toMatchObject({
      source: ['aws.ecs'],
      'detail-type': ['ECS Deployment State Change', 'ECS Service Action'],
      resources: [arn('prod/'), arn('stage/')],
    });
  });

  test('deliver nothing that is older than a minute, and keep what they could not deliver', () => {
    expect(ecs?.Targets).toMatchObject([
      {
        Arn: '<Tick.Arn>',
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 },
        DeadLetterConfig: { Arn: '<DeadLetters.Arn>' },
      },
    ]);
  });

  test('hear every cluster where services are found by tags', () => {
    const { cluster: _, service: __, ...tagged } = policy('any/any', 'act');
    const rule = heard(
      rulesOf({
        ...fleet(policy('prod/web', 'act')),
        tagged: [{ tags: { schmitt: 'web' }, policy: tagged }],
      }),
    );
    expect(rule?.EventPattern.resources).toEqual([arn('')]);
  });

  test('hear pushed numbers where a signal is pushed', () => {
    const source = { kind: 'pushed' } as const;
    const spec = { source, stat: 'Average', scale: 1, averagedOverTasks: false, periodSeconds: 60 } as const;
    const users = { ...spec, publicationDelaySeconds: 0, whenMissing: { kind: 'unknown' } } as const;
    const rules = rulesOf(fleet({ ...policy('prod/web', 'act'), signals: { users } }));
    expect(rules.map(({ EventPattern }) => EventPattern['detail-type'])).toContainEqual(['schmitt.signal']);
  });
});
