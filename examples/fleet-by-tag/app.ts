/**
 * A fleet: whoever tags a service `schmitt: web` has it scaled, also services that do not exist yet. Four functions share the work, and a
 * monitoring account sees all of them.
 * `npx cdk synth --app 'node examples/fleet-by-tag/app.ts'`
 */
import { App, Stack } from 'aws-cdk-lib';
import { MonitoringAccount, Policies, SchmittStack } from 'schmitt/cdk';

const app = new App();
const SINK = 'arn:aws:oam:eu-west-1:999999999999:sink/a1b2c3d4-5678-90ab-cdef-EXAMPLE11111';

new SchmittStack(app, 'Fleet', {
  env: { account: '123456789012', region: 'eu-west-1' },
  policies: Policies.fromDirectory(`${import.meta.dirname}/policies`),
  shards: 4,
  monitoringSinkArn: SINK,
});

const monitoring = new Stack(app, 'Monitoring', { env: { account: '999999999999', region: 'eu-west-1' } });
new MonitoringAccount(monitoring, 'Schmitt', { organizationId: 'o-a1b2c3d4e5' });
