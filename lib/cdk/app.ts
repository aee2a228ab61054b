/**
 * The app of `npx cdk synth` and `npx cdk deploy`. Context: `-c policies=DIR` (else `policies/`, else the examples), `-c mode=shadow|act`
 * (else the parameter `Mode` of the stack), `-c shards=N`, `-c leaveOut=compositeAlarms,mathAlarms` for emulators, and
 * `-c assetsBucket=NAME` for a StackSet, see docs/fleet.md.
 */
import {
  Annotations,
  App,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  type StackProps,
  Validations,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { BadInput } from '../policy/bad-input.ts';
import { contextOf } from './context.ts';
import { EXAMPLE_POLICIES, policiesIn } from './policy-folder.ts';
import { SchmittStack } from './stack.ts';

function main(): void {
  const app = new App();
  const { folder: asked, assetsBucket, ...props } = contextOf(app.node);
  const { folder, policies } = policiesIn(asked);
  const stack = new SchmittStack(app, 'Schmitt', {
    policies,
    ...props,
    ...(assetsBucket === undefined ? {} : sharingAssets(assetsBucket)),
  });
  if (folder === EXAMPLE_POLICIES) {
    Annotations.of(stack).addWarningV2(
      'schmitt:examplePolicies',
      `There is no folder policies/, so these are the examples of ${EXAMPLE_POLICIES}. Write your own, or give -c policies=DIR.`,
    );
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  app.synth();
}

/** A StackSet's accounts share one bucket of assets for each Region, and need not be bootstrapped. */
function sharingAssets(fileAssetsBucketName: string): Pick<StackProps, 'synthesizer'> {
  const synthesizer = new DefaultStackSynthesizer({ fileAssetsBucketName, generateBootstrapVersionRule: false });
  return { synthesizer: synthesizer as IStackSynthesizer };
}

try {
  main();
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
