/**
 * The app of `npx cdk synth` and `npx cdk deploy`. It builds the functions itself, so that the template never names stale code.
 * Context: `-c policies=DIR` (else `policies/`, else the examples), `-c alarmEmail=ADDRESS`.
 */
import { join } from 'node:path';
import { Annotations, App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BadInput } from '../policy/bad-input.ts';
import { bundleAll, ROOT } from './bundle.ts';
import { choosePolicyFolder, EXAMPLE_POLICIES, readPolicies } from './policy-folder.ts';
import { SchmittStack } from './stack.ts';

async function main(): Promise<void> {
  const app = new App();
  const folder = choosePolicyFolder(app.node.tryGetContext('policies'));
  const policies = readPolicies(folder);
  const { tick } = await bundleAll(join(ROOT, 'dist'), policies);
  const alarmEmail: unknown = app.node.tryGetContext('alarmEmail');
  const stack = new SchmittStack(app, 'Schmitt', {
    policies,
    tickAsset: tick.folder,
    ...(typeof alarmEmail === 'string' ? { alarmEmail } : {}),
  });
  if (folder === EXAMPLE_POLICIES) {
    Annotations.of(stack).addWarningV2(
      'schmitt:examplePolicies',
      `There is no folder policies/, so these are the examples of ${EXAMPLE_POLICIES}. Write your own, or give -c policies=DIR.`,
    );
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
