/** Where a function's module comes from: in an installed package it lies ready, in a checkout it is bundled anew and never stale. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, type LambdaName, ROOT } from './bundle.ts';

/** Its folder in a package. */
export function readyModule(packageFolder: string, name: LambdaName): string {
  return join(packageFolder, 'functions', name);
}

/** What an asset is made of. */
export function sourceOf(name: LambdaName): string {
  const ready = readyModule(ROOT, name);
  return existsSync(ready) ? ready : join(ROOT, 'lambdas', name);
}

/** Lays the module into a folder that exists. */
export function layModule(name: LambdaName, folder: string): void {
  const ready = readyModule(ROOT, name);
  if (existsSync(ready)) cpSync(ready, folder, { recursive: true });
  else bundle(name, folder);
}
