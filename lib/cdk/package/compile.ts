/** The sources as JavaScript with declarations: what tsconfig.package.json names, and all that it imports. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ROOT } from '../bundle.ts';

/** Answers every package that the JavaScript imports, as it names them. Throws when the sources do not compile. */
export function compile(folder: string): ReadonlySet<string> {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const project = join(ROOT, 'tsconfig.package.json');
  execFileSync(process.execPath, [tsc, '-p', project, '--outDir', folder], { stdio: 'inherit' });
  const specifiers = new Set<string>();
  for (const file of filesOf(folder)) {
    const code = pointedToJavaScript(readFileSync(file, 'utf8'));
    writeFileSync(file, code);
    if (!file.endsWith('.js')) continue;
    for (const specifier of specifiersIn(code)) specifiers.add(specifier);
    for (const [, worker = ''] of code.matchAll(ADDRESS)) hold(file, worker);
  }
  return specifiers;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Of a worker, beside the module that starts it. */
const ADDRESS = /\bnew URL\('(\.[^']*\.[jt]s)', import\.meta\.url\)/g;
const IN_DECLARATIONS = /((?:\bfrom |\bimport\()['"]\.[^'"]*)\.ts(?=['"])/g;

/** TypeScript rewrites the endings of imports in JavaScript, but neither in declarations nor in the addresses of workers. */
export function pointedToJavaScript(code: string): string {
  return code.replace(ADDRESS, (address) => address.replace(/\.ts'/, ".js'")).replace(IN_DECLARATIONS, '$1.js');
}

const IMPORTS = /(?:\bfrom |\bimport |\bimport\(|\brequire\(|\brequire\.resolve\()'([^'.][^']*)'/g;

export function specifiersIn(code: string): string[] {
  return [...code.matchAll(IMPORTS)].map(([, specifier = '']) => specifier);
}

function hold(file: string, worker: string): void {
  if (existsSync(join(dirname(file), worker))) return;
  throw new Error(`${file} starts ${worker}, which was not compiled: name its source in tsconfig.package.json`);
}
