/** The functions' assets: one folder each under the output folder, holding a minified ES module, its source map and what it reads. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { compiledPolicies } from '../policy/document/compiled.ts';
import type { PolicySet } from '../policy/policy.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A function's name to the file that exports its `handler`. */
const ENTRIES = { tick: 'lambdas/tick/handler.ts' } as const;

export type LambdaName = keyof typeof ENTRIES;

/** Beyond this a cold start is felt; a test holds it. */
export const BUNDLE_LIMIT_BYTES = 700 * 1024;

/**
 * Where the SDK looks for credentials when there are none in the environment, and Lambda puts them there: profiles, single sign-on and
 * instance metadata are imported only then. Left out, they save 100 KB; what streams of events need, 20 KB.
 */
const NOT_IN_LAMBDA = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients/*',
  '@smithy/credential-provider-imds',
  // No call of ours is answered by a stream of events.
  '@smithy/core/event-streams',
];

export interface Bundle {
  readonly name: LambdaName;
  /** What `Code.fromAsset` takes. */
  readonly folder: string;
  /** Of the minified module alone, without its source map. */
  readonly bytes: number;
  /** What each package, or folder of our own, has in it; the largest first. */
  readonly bytesBySource: ReadonlyMap<string, number>;
}

/** Builds every function; the tick's policies lie beside it as `policies.json`. */
export async function bundleAll(outputFolder: string, policies: PolicySet): Promise<Record<LambdaName, Bundle>> {
  const tick = await bundle('tick', join(outputFolder, 'tick'));
  await writeFile(join(tick.folder, 'policies.json'), `${JSON.stringify(compiledPolicies(policies))}\n`);
  return { tick };
}

async function bundle(name: LambdaName, folder: string): Promise<Bundle> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { index: ENTRIES[name] },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's ES modules can be shaken; its CommonJS is twice the size.
    mainFields: ['module', 'main'],
    external: NOT_IN_LAMBDA,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // Dependencies that are CommonJS still call require for Node's own modules.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  const output = Object.entries(metafile.outputs).find(([file]) => file.endsWith('/index.mjs'))?.[1];
  if (output === undefined) throw new Error(`esbuild wrote no index.mjs for ${name} in ${folder}.`);
  return { name, folder, bytes: output.bytes, bytesBySource: bytesBySource(output.inputs) };
}

function bytesBySource(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): Map<string, number> {
  const bySource = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    if (bytesInOutput === 0) continue;
    const source = file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? file.split('/').slice(0, 2).join('/');
    bySource.set(source, (bySource.get(source) ?? 0) + bytesInOutput);
  }
  return new Map([...bySource].sort(([, one], [, other]) => other - one));
}
