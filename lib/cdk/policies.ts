/** Policies as a construct takes them: the files that an operator writes. They are read when they are named and checked at synth. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BadInput } from '../policy/bad-input.ts';
import type { PolicyFile } from '../policy/document/parse.ts';

export class Policies {
  /** Every `.yaml`, `.yml` and `.json` file of the folder and its subfolders, in the order of their names, as one set. */
  static fromDirectory(folder: string): Policies {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new BadInput(`Policies folder "${folder}" does not exist: give a folder of .yaml files.`);
    }
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    if (files.length === 0) {
      throw new BadInput(`Policies folder "${folder}" holds no .yaml file: write one, or give another folder.`);
    }
    return Policies.fromFiles(...files);
  }

  /** These files, as one set. */
  static fromFiles(...files: readonly string[]): Policies {
    return new Policies(
      files.map((file) => ({ name: relative(process.cwd(), file), text: readFileSync(file, 'utf8') })),
    );
  }

  /** YAML or JSON; `name` is what sentences call it. */
  static fromText(text: string, name = 'policies'): Policies {
    return new Policies([{ name, text }]);
  }

  readonly files: readonly PolicyFile[];

  private constructor(files: readonly PolicyFile[]) {
    this.files = files;
  }
}
