/** The functions' assets: one folder each under the output folder, holding a minified ES module, its source map and what it reads. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { PolicySet } from '../policy/policy.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A function's name to the file that exports its `handler`. */
const ENTRIES = { tick: 'lambdas/tick/handler.ts' } as const;

export type LambdaName = keyof typeof ENTRIES;

/** Beyond this a cold start is felt; a test holds it. */
export const BUNDLE_LIMIT_BYTES = 700 * 1024;

export interface Bundle {
  readonly name: LambdaName;
  /** What `Code.fromAsset` takes. */
  readonly folder: string;
  /** Of the minified module alone, without its source map. */
  readonly bytes: number;
  /** Source files in it, relative to the project. */
  readonly inputs: readonly string[];
}

/** Builds every function; the tick's policies lie beside it as `policies.json`. */
export async function bundleAll(outputFolder: string, policies: PolicySet): Promise<Record<LambdaName, Bundle>> {
  const tick = await bundle('tick', join(outputFolder, 'tick'));
  await writeFile(join(tick.folder, 'policies.json'), `${JSON.stringify(policies)}\n`);
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
  const { size } = await stat(join(folder, 'index.mjs'));
  return { name, folder, bytes: size, inputs: Object.keys(metafile.inputs) };
}
