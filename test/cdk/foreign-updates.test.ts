/** The rule that hears who sets desired counts, as CloudTrail tells of it. */
import { expect, test } from '@jest/globals';
import { fleet, policy, readable, synthesize } from './synthesized.ts';

test('counts that others set are heard, our own calls and refused ones are not', () => {
  const { template } = synthesize(fleet(policy('prod/checkout', 'act')));
  const rules = Object.entries(template.findResources('AWS::Events::Rule'));
  const [, rule] = rules.find(([id]) => id.startsWith('ForeignUpdates')) ?? [];
  expect(readable(rule?.Properties.EventPattern)).toEqual({
    source: ['aws.ecs'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: ['ecs.amazonaws.com'],
      eventName: ['UpdateService'],
      errorCode: [{ exists: false }],
      requestParameters: { desiredCount: [{ exists: true }] },
      // People who are no role have no issuer of a session.
      userIdentity: {
        sessionContext: { sessionIssuer: { arn: [{ 'anything-but': ['<TickRole.Arn>'] }, { exists: false }] } },
      },
    },
  });
});
