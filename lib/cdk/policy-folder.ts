/** A folder of policy files, compiled: what the functions run and what their permissions follow from. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BadInput } from '../policy/bad-input.ts';
import { parsePolicies } from '../policy/document/parse.ts';
import type { PolicySet } from '../policy/policy.ts';

/** Where an operator's own policies lie, and what stands in for them in a checkout that has none yet. */
export const OWN_POLICIES = 'policies';
export const EXAMPLE_POLICIES = 'examples/policies';

/** The folder asked for, else the operator's own, else the examples. Relative to the working folder. */
export function choosePolicyFolder(asked: unknown, exists: (folder: string) => boolean = isFolder): string {
  if (asked === undefined) return exists(OWN_POLICIES) ? OWN_POLICIES : EXAMPLE_POLICIES;
  if (typeof asked !== 'string' || asked === '') {
    throw new BadInput(
      `Context policies is ${JSON.stringify(asked)}: give a folder, as in -c policies=${OWN_POLICIES}.`,
    );
  }
  if (!exists(asked)) throw new BadInput(`Policies folder "${asked}" does not exist: give a folder of .yaml files.`);
  return asked;
}

/** Every `.yaml` and `.yml` file of the folder and its subfolders, in the order of their names, as one set. */
export function readPolicies(folder: string): PolicySet {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) {
    throw new BadInput(`Policies folder "${folder}" holds no .yaml file: write one, or give another folder.`);
  }
  return parsePolicies(
    files.map((file) => ({ name: relative(process.cwd(), file), text: readFileSync(file, 'utf8') })),
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
