/** The functions' assets: one folder each, holding a minified ES module, its source map and what it reads. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { compiledPolicies } from '../policy/document/compiled.ts';
import type { PolicySet } from '../policy/policy.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A function's name to the file that exports its `handler`. */
const ENTRIES = {
  tick: 'lambdas/tick/handler.ts',
  validate: 'lambdas/validate/handler.ts',
  checks: 'lambdas/checks/handler.ts',
} as const;

export type LambdaName = keyof typeof ENTRIES;

export const LAMBDA_NAMES = Object.keys(ENTRIES) as readonly LambdaName[];

/** Beyond this a cold start of the tick is felt; a test holds it. */
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

/** Packages of which a small part is used, and what does that part. */
const STAND_INS = {
  '@aws-sdk/endpoint-cache': join(ROOT, 'lib/aws/no-endpoint-discovery.ts'),
  luxon: join(ROOT, 'lib/policy/utc-date-time.ts'),
};

export interface Bundle {
  readonly name: LambdaName;
  /** What `Code.fromAsset` takes. */
  readonly folder: string;
  /** Of the minified module alone, without its source map. */
  readonly bytes: number;
  /** What each package, or folder of our own, has in it; the largest first. */
  readonly bytesBySource: ReadonlyMap<string, number>;
}

/** Builds every function into a folder of its own; the tick's policies lie beside it as `policies.json`. */
export function bundleAll(outputFolder: string, policies: PolicySet): Record<LambdaName, Bundle> {
  const into = (name: LambdaName): string => {
    const folder = join(outputFolder, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const tick = bundle('tick', into('tick'));
  layBeside(tick.folder, policies);
  const checks = bundle('checks', into('checks'));
  layBeside(checks.folder, policies);
  return { tick, validate: bundle('validate', into('validate')), checks };
}

/** For a tick that does not ask AppConfig for its policies. */
export function layBeside(folder: string, policies: PolicySet): void {
  writeFileSync(join(folder, 'policies.json'), `${JSON.stringify(compiledPolicies(policies))}\n`);
}

/** Builds one function into a folder that exists. */
export function bundle(name: LambdaName, folder: string): Bundle {
  const { bytes, inputs } = bundleModule({ entryPoints: [ENTRIES[name]] }, folder);
  return { name, folder, bytes, bytesBySource: bytesBySource(inputs) };
}

/** Any module as `index.mjs`, with the options of the functions. */
export function bundleModule(
  input: Pick<BuildOptions, 'entryPoints' | 'stdin'>,
  folder: string,
): { readonly bytes: number; readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> } {
  const { metafile, outputFiles } = esbuild().buildSync({
    ...input,
    absWorkingDir: ROOT,
    // As if it were written here: its source map names sources from the checkout's root, and every machine makes the same asset.
    outfile: 'index.mjs',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's ES modules can be shaken; its CommonJS is twice the size.
    mainFields: ['module', 'main'],
    external: NOT_IN_LAMBDA,
    // Each client brings its whole package.json, for the version in its User-Agent header: 15 KB in all.
    loader: { '.json': 'empty' },
    alias: STAND_INS,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    // Sentences keep their arrows as one character, not as an escape.
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
    // Dependencies that are CommonJS still call require for Node's own modules.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  const output = metafile.outputs['index.mjs'];
  if (output === undefined) throw new Error('esbuild made no index.mjs.');
  return output;
}

/** Asked for when it is needed: an installed package has no esbuild, and its functions lie ready. */
function esbuild(): typeof import('esbuild') {
  return createRequire(import.meta.url)('esbuild');
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
