/** A CDK app of a user's own around what the README shows: the same text is TypeScript and JavaScript. */

const PACKAGE = "'schmitt/cdk'";

/** CloudFormation's own rules are asked by the tests of the construct: they take longer than all the rest. */
const OPTIONS = '{ builtinCloudFormationValidation: false }';

/** `shown` are imports and then statements of a stack, where `service` is at hand. */
export function ownApp(shown: string): string {
  const [imports = '', body = ''] = shown.split('\n\n');
  return `import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, FargateService } from 'aws-cdk-lib/aws-ecs';
${imports}

class Own extends Stack {
  constructor(app = new App(${OPTIONS})) {
    super(app, 'Own');
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'] });
    const cluster = Cluster.fromClusterAttributes(this, 'Cluster', { clusterName: 'prod', vpc });
    const service = FargateService.fromFargateServiceAttributes(this, 'Web', { cluster, serviceName: 'web' });
    ${body}
    app.synth();
  }
}

new Own();
`;
}

/** As an app without `"type": "module"` is compiled. */
export function asCommonJs(app: string): string {
  return app.replace(/^import (.*) from ('.*');$/gm, 'const $1 = require($2);');
}

/** With the construct of a checkout. */
export function onSources(app: string, index: URL): string {
  return app.replace(PACKAGE, `'${index}'`);
}
