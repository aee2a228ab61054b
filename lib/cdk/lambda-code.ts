/** A function's code, bundled into CDK's own staging when a template is made: nothing to build before, nothing stale. */
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle, type LambdaName, ROOT } from './bundle.ts';

/** `finish` adds what lies beside the module. */
export function bundledCode(name: LambdaName, finish: (folder: string) => void = () => undefined): Code {
  return Code.fromAsset(join(ROOT, 'lambdas', name), {
    // What is deployed has changed when the bundle has.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: esbuild runs here.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(folder) {
          bundle(name, folder);
          finish(folder);
          return true;
        },
      },
    },
  });
}
