/** A function's code, laid into CDK's own staging when a template is made. */
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { LambdaName } from './bundle.ts';
import { layModule, sourceOf } from './function-module.ts';

/** `finish` adds what lies beside the module. */
export function bundledCode(name: LambdaName, finish: (folder: string) => void = () => undefined): Code {
  return Code.fromAsset(sourceOf(name), {
    // What is deployed has changed when the bundle has.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the module is made here.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(folder) {
          layModule(name, folder);
          finish(folder);
          return true;
        },
      },
    },
  });
}
