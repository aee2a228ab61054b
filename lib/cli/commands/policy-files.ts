/** The policy files that somebody named on the command line: files as they are, folders with everything below them. */
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../policy/bad-input.ts';
import type { PolicyFile } from '../../policy/document/problem.ts';
import { LIMITS } from '../../policy/document/syntax.ts';

const POLICY_FILE = /\.(?:ya?ml|json)$/;

/** Each file once, in the order given, those of a folder by name. Throws `BadInput`. */
export function readPolicyFiles(paths: readonly string[]): readonly PolicyFile[] {
  const names = new Set(paths.flatMap((path) => (statOf(path).isDirectory() ? filesBelow(path) : [path])));
  return [...names].map((name) => ({ name, text: textOf(name) }));
}

function filesBelow(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && POLICY_FILE.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length > 0) return files;
  throw new BadInput(
    `${folder}: the folder holds no .yaml, .yml or .json file; write a policy there or name its file.`,
  );
}

/** `what` is meant, in the sentence where there is nothing to read. */
export function textOf(name: string, what = MEANT): string {
  const { size } = statOf(name, what);
  // What no parser would take is not read into memory first.
  if (size > 4 * LIMITS.bytes)
    throw new BadInput(
      `${name}:1: the file has ${Math.ceil(size / 1024)} KB, above the limit of ${LIMITS.bytes / 1024} KB; split it into several files.`,
    );
  return attempt(name, what, () => readFileSync(name, 'utf8'));
}

const MEANT = 'a policy file, or a folder of them';

function statOf(path: string, what = MEANT): Stats {
  return attempt(path, what, () => statSync(path));
}

function attempt<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const fault = code === 'ENOENT' ? 'there is no such file or folder' : `it cannot be read (${code})`;
    throw new BadInput(`${path}: ${fault}; name ${what}.`, { cause: error });
  }
}
