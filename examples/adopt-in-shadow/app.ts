/**
 * A service that Application Auto Scaling scales today. Schmitt watches it in shadow: it decides, records and scores itself beside what
 * scales it, and its role cannot change a count. When you believe it, take the scaling policy away and set the mode to `act`.
 * `npx cdk synth --app 'node examples/adopt-in-shadow/app.ts'`
 */
import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, FargateService } from 'aws-cdk-lib/aws-ecs';
import { Policies, Schmitt } from 'schmitt/cdk';

const app = new App();
const stack = new Stack(app, 'AdoptInShadow', { env: { account: '123456789012', region: 'eu-west-1' } });

/** Deployed by somebody else: only its names are known here. */
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['eu-west-1a'] });
const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'prod', vpc });
const checkout = FargateService.fromFargateServiceAttributes(stack, 'Checkout', { cluster, serviceName: 'checkout' });

const scaler = new Schmitt(stack, 'Schmitt', {
  mode: 'shadow',
  // The same language in a file, for what the typed props of `scale` say below.
  policies: Policies.fromFiles(`${import.meta.dirname}/billing.yaml`),
});
scaler.scale(checkout, {
  capacity: { min: 2, max: 60 },
  scaleOut: [{ name: 'busy', when: 'cpu > 65', addPercent: 20, trueFor: '2 of 3' }],
  scaleIn: [{ name: 'calm', when: 'cpu < 30', removePercent: 10, trueFor: '10 of 10' }],
});
