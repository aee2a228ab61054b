/** A file that a command writes at its end: looked at before the work, so that nothing is played in vain, and written whole or not at all. */
import { constants } from 'node:fs';
import { access, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BadInput } from '../policy/bad-input.ts';

/**
 * Writes nothing. @param option as the command spells it. @param inputs files that the command reads.
 * Throws `BadInput` where the file could not be written, or is one of those.
 */
export async function checkOutFile(option: string, file: string, inputs: readonly string[] = []): Promise<void> {
  if (file === '') throw new BadInput(`${option}: the name of the file is empty; name a file.`);
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : error));
  if (found instanceof Error) throw refusal(option, file, found);
  if (found?.isDirectory() === true) throw new BadInput(`${option} ${file}: this is a folder; name a file.`);
  try {
    if (found !== undefined) await access(file, constants.W_OK);
    if (found === undefined || found.isFile()) await access(dirname(await pathOf(file)), constants.W_OK);
  } catch (error) {
    throw refusal(option, file, error);
  }
  if (found?.isFile() === true) await refuseInput(option, file, inputs);
}

async function refuseInput(option: string, file: string, inputs: readonly string[]): Promise<void> {
  const path = await pathOf(file);
  for (const input of inputs) {
    if ((await pathOf(input)) !== path) continue;
    throw new BadInput(`${option} ${file}: this file is read, and would be written over; name another file.`);
  }
}

/** A link stands for the file behind it. */
async function pathOf(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

/** Beside its place first, then moved there. Throws `BadInput` where that cannot be done; then the file is as it was. */
export async function writeOutFile(option: string, file: string, text: string): Promise<void> {
  const path = await pathOf(file);
  const isThing = await stat(path).then(
    (found) => !found.isFile(),
    () => false,
  );
  const part = isThing ? path : `${path}.${process.pid}.part`;
  try {
    await writeFile(part, text);
    if (!isThing) await rename(part, path);
  } catch (error) {
    if (!isThing) await rm(part, { force: true });
    throw refusal(option, file, error);
  }
}

function refusal(option: string, file: string, cause: unknown): BadInput {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new BadInput(`${option} ${file}: cannot be written (${code}); name a file in a folder you may write.`, {
    cause,
  });
}
