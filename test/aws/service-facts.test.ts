/** The target groups that a service has or moves its traffic to. */
import { expect, test } from '@jest/globals';
import { targetGroupsOf } from '../../lib/aws/service-facts.ts';

const arn = (name: string) => `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/1`;
const [web, blue, green] = ['web', 'blue', 'green'].map(arn);
const at = (targetGroupArn: string | undefined) => ({ targetGroupArn, containerName: 'app', containerPort: 80 });

test.each([
  ['no load balancer', {}, []],
  ['one target group', { loadBalancers: [at(web)] }, [web]],
  ['several', { loadBalancers: [at(web), at(blue)] }, [web, blue]],
  ['a Classic Load Balancer, which has none', { loadBalancers: [{ loadBalancerName: 'old' }] }, []],
  [
    'a blue/green deployment of ECS itself: both, before, while and after it swaps them',
    { loadBalancers: [{ ...at(blue), advancedConfiguration: { alternateTargetGroupArn: green } }] },
    [blue, green],
  ],
  [
    'the same after the swap',
    { loadBalancers: [{ ...at(green), advancedConfiguration: { alternateTargetGroupArn: blue } }] },
    [green, blue],
  ],
  [
    'task sets of CODE_DEPLOY, each with its own',
    { taskSets: [{ loadBalancers: [at(blue)] }, { loadBalancers: [at(green)] }, {}] },
    [blue, green],
  ],
  ['one that is named twice', { loadBalancers: [at(web)], taskSets: [{ loadBalancers: [at(web)] }] }, [web]],
])('%s', (_, service, groups) => {
  expect(targetGroupsOf(service)).toEqual(groups);
});
