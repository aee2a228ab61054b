/** What the tick may do with services that policies and overrides find by their tags: whoever carries the tag opts in, nobody else is reached. */
import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicySet } from '../policy/policy.ts';

export interface TaggedStatements {
  readonly read: PolicyStatement[];
  /** Of the policies with mode act. */
  readonly act: PolicyStatement[];
}

export function taggedStatements(stack: Stack, { tagged }: PolicySet): TaggedStatements {
  const live = tagged.filter(({ policy }) => policy.mode !== 'off');
  // Also without such a policy: an override may name a tag. The Tagging API knows no resources.
  const find = new PolicyStatement({ sid: 'FindTagged', actions: ['tag:GetResources'], resources: ['*'] });
  const resources = [stack.formatArn({ service: 'ecs', resource: 'service', resourceName: '*' })];
  const only = (tags: Readonly<Record<string, string>>) => ({
    StringEquals: Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
  });
  const statement = (sid: string, action: string, tags: Readonly<Record<string, string>>) =>
    new PolicyStatement({ sid, actions: [action], resources, conditions: only(tags) });
  return {
    read: [find, ...live.map(({ tags }, index) => statement(`DescribeTagged${index}`, 'ecs:DescribeServices', tags))],
    act: live.flatMap(({ tags, policy }, index) =>
      policy.mode === 'act' ? [statement(`ServeTagged${index}`, 'ecs:UpdateService', tags)] : [],
    ),
  };
}
