/**
 * `npm run build:package`: what `npm install` takes, as the folder `dist/package` and packed beside it. `--out DIR` puts both into another
 * folder. Nothing is published. See docs/decisions/0008-an-installable-package.md.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, LAMBDA_NAMES, ROOT } from '../bundle.ts';
import { readyModule } from '../function-module.ts';
import { compile } from './compile.ts';
import { packageManifest } from './manifest.ts';

/** As they lie in the checkout; the README's links lead there. */
const AS_THEY_ARE = ['README.md', 'LICENSE', 'docs', 'examples'];

/** Answers where the tarball lies. */
function buildPackage(out: string): string {
  const folder = join(out, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const specifiers = compile(folder);
  layWhatIsRead(folder);
  for (const name of LAMBDA_NAMES) {
    const ready = readyModule(folder, name);
    mkdirSync(ready, { recursive: true });
    bundle(name, ready);
  }
  for (const path of AS_THEY_ARE) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  const manifest = packageManifest(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')), specifiers);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return join(out, pack(folder, out));
}

/** Scripts and styles of the pages: the report reads them, nobody imports them. */
function layWhatIsRead(folder: string): void {
  cpSync(join(ROOT, 'lib/report'), join(folder, 'lib/report'), {
    recursive: true,
    filter: (file) => !/\.(ts|json)$/.test(file),
  });
}

function pack(folder: string, out: string): string {
  const printed = execFileSync('npm', ['pack', folder, '--pack-destination', out, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [packed]: { filename: string }[] = Object.values(JSON.parse(printed));
  if (packed === undefined) throw new Error(`npm pack said nothing of what it packed: ${printed}`);
  return packed.filename;
}

const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'dist') } } });
console.log(relative(process.cwd(), buildPackage(resolve(values.out))));
