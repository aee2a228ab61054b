/**
 * Workers on a queue, down to zero when it is empty: the queue is read from SQS itself, three times a minute.
 * `npx cdk synth --app 'node examples/queue-worker/app.ts'`
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Schmitt } from 'schmitt/cdk';

const app = new App();
const stack = new Stack(app, 'QueueWorker');

const jobs = new Queue(stack, 'Jobs', { visibilityTimeout: Duration.minutes(5), enforceSSL: true });
const taskDefinition = new FargateTaskDefinition(stack, 'Task');
taskDefinition.addContainer('worker', {
  image: ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox'),
  environment: { QUEUE_URL: jobs.queueUrl },
  // A worker that is told to stop finishes the message it has.
  stopTimeout: Duration.seconds(90),
});
jobs.grantConsumeMessages(taskDefinition.taskRole);

/** A cluster that is there already. */
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
});
const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'prod', vpc });
const workers = new FargateService(stack, 'Workers', {
  cluster,
  taskDefinition,
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});

new Schmitt(stack, 'Schmitt').scale(workers, {
  mode: 'act',
  cadence: Duration.seconds(20),
  capacity: { min: 0, max: 80 },
  queues: { jobs },
  // As many workers as finish what is there within a minute, when each takes 4 messages at a time and 3 s for one.
  targets: [{ backlog: 'jobs', finishWithin: Duration.minutes(1), secondsPerMessage: 3, parallelPerTask: 4 }],
  scaleIn: [{ name: 'idle', when: 'jobs == 0', setTo: 0, trueFor: '15 of 15' }],
  pace: { out: { preset: 'fast', upTo: { percent: 300, tasks: 20 } }, in: 'normal' },
});
