/** Where the policies of `npx cdk deploy` and `npm run build` lie. */
import { statSync } from 'node:fs';
import { BadInput } from '../policy/bad-input.ts';
import { Policies } from './policies.ts';

/** Where an operator's own policies lie, and what stands in for them in a checkout that has none yet. */
export const OWN_POLICIES = 'policies';
export const EXAMPLE_POLICIES = 'examples/policies';

/** The folder asked for, else the operator's own, else the examples. Relative to the working folder. */
export function choosePolicyFolder(asked: unknown, exists: (folder: string) => boolean = isFolder): string {
  if (asked === undefined) return exists(OWN_POLICIES) ? OWN_POLICIES : EXAMPLE_POLICIES;
  if (typeof asked === 'string' && asked !== '') return asked;
  throw new BadInput(`Context policies is ${JSON.stringify(asked)}: give a folder, as in -c policies=${OWN_POLICIES}.`);
}

export function policiesIn(asked: unknown): { readonly folder: string; readonly policies: Policies } {
  const folder = choosePolicyFolder(asked);
  return { folder, policies: Policies.fromDirectory(folder) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
