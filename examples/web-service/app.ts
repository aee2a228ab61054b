/**
 * A web service on Fargate behind a load balancer, scaled on requests and CPU, with a backstop for the day the scaler is dead.
 * `npx cdk synth --app 'node examples/web-service/app.ts'`
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancedFargateService } from 'aws-cdk-lib/aws-ecs-patterns';
import { Schmitt } from 'schmitt/cdk';

const app = new App();
const stack = new Stack(app, 'WebService');

const web = new ApplicationLoadBalancedFargateService(stack, 'Web', {
  taskImageOptions: {
    image: ContainerImage.fromAsset(`${import.meta.dirname}/service`),
    containerPort: 8080,
  },
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});
web.targetGroup.configureHealthCheck({ path: '/readyz', interval: Duration.seconds(10), healthyThresholdCount: 2 });
web.targetGroup.setAttribute('deregistration_delay.timeout_seconds', '10');

const scaler = new Schmitt(stack, 'Schmitt');
scaler.scale(web.service, {
  mode: 'shadow',
  capacity: { min: 2, max: 40 },
  targetGroup: web.targetGroup,
  scaleOut: [
    { name: 'hot', when: 'cpu > 80', addPercent: 50, atLeast: 2, trueFor: '1 of 1' },
    { name: 'slow', when: 'p95 > 500 && cpu > 50', add: 1, trueFor: '2 of 3' },
  ],
  scaleIn: [{ name: 'calm', when: 'cpu < 25 && p95 < 250', remove: 1, trueFor: '10 of 10' }],
  targets: [{ signal: 'rps', perTask: 40 }],
  pace: { out: 'fast', in: 'normal' },
  guard: { holdInWhile: ['errors > 1'] },
  backstop: { cpuPercent: 95 },
});
