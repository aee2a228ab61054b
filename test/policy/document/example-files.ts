/** Every policy file of the folder `examples`, from the root of the project; workflows of a build service are YAML too, and no policies. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

export const EXAMPLES: readonly string[] = readdirSync(join(ROOT, 'examples'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name) && basename(entry.parentPath) !== 'workflows')
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();
