/** A file that a command writes at its end: looked at before the work, so that nothing is played in vain. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BadInput } from '../policy/bad-input.ts';

/** Writes nothing. @param option as the command spells it. Throws `BadInput` where the file could not be written. */
export async function checkOutFile(option: string, file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : error));
  if (found instanceof Error) throw refusal(option, file, found);
  if (found?.isDirectory() === true) throw new BadInput(`${option} ${file}: this is a folder; name a file.`);
  try {
    await access(found === undefined ? dirname(file) : file, constants.W_OK);
  } catch (error) {
    throw refusal(option, file, error);
  }
}

function refusal(option: string, file: string, cause: unknown): BadInput {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new BadInput(`${option} ${file}: cannot be written (${code}); name a file in a folder you may write.`, {
    cause,
  });
}
