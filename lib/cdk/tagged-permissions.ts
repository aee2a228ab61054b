/** What the tick may do with services that its policies find by their tags: whoever carries the tag opts in, nobody else is reached. */
import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicySet } from '../policy/policy.ts';

export function taggedStatements(stack: Stack, { tagged }: PolicySet): PolicyStatement[] {
  const live = tagged.filter(({ policy }) => policy.mode !== 'off');
  if (live.length === 0) return [];
  const anyService = stack.formatArn({ service: 'ecs', resource: 'service', resourceName: '*' });
  return [
    // The Tagging API knows no resources.
    new PolicyStatement({ sid: 'FindTagged', actions: ['tag:GetResources'], resources: ['*'] }),
    ...live.map(
      ({ tags, policy }, index) =>
        new PolicyStatement({
          sid: `ServeTagged${index}`,
          actions: policy.mode === 'act' ? ['ecs:DescribeServices', 'ecs:UpdateService'] : ['ecs:DescribeServices'],
          resources: [anyService],
          conditions: {
            StringEquals: Object.fromEntries(
              Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
            ),
          },
        }),
    ),
  ];
}
