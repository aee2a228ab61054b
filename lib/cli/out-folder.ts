/** The folder a run leaves its page and its log in. It is looked at before the run and made only when everything else is in order. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { BadInput } from '../policy/bad-input.ts';

/** Writes nothing. Throws `BadInput` where the folder cannot be made or written. */
export async function checkOutFolder(folder: string): Promise<void> {
  const nearest = await nearestExisting(resolve(folder));
  const found = await stat(nearest);
  if (!found.isDirectory()) throw new BadInput(`--out ${folder}: ${nearest} is a file; name a folder.`);
  try {
    await access(nearest, constants.W_OK);
  } catch (error) {
    throw refusal(folder, error);
  }
}

export async function makeOutFolder(folder: string): Promise<string> {
  const path = resolve(folder);
  const nearest = await nearestExisting(path);
  const missing = relative(nearest, path)
    .split(sep)
    .filter((name) => name !== '');
  // One by one: Node's own recursive mkdir never comes back from a folder that cannot hold any, such as /proc.
  try {
    for (const [index] of missing.entries()) await mkdir(join(nearest, ...missing.slice(0, index + 1)));
  } catch (error) {
    throw refusal(folder, error);
  }
  return path;
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code === 'ENOENT' || code === 'ENOTDIR') && dirname(path) !== path) return nearestExisting(dirname(path));
    throw refusal(path, error);
  }
}

function refusal(folder: string, error: unknown): BadInput {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new BadInput(`--out ${folder}: cannot be written (${code}); name a folder you may write.`, { cause: error });
}
