/** The emulators' commands, from PyPI in a virtual environment of their own, as `requirements.txt` pins them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const ENVIRONMENTS = resolve(import.meta.dirname, '../../.venv');

/** The folder with `moto_server` and `ministack`: `$EMULATORS`, else one that is made here the first time. */
export function installed(): string {
  if (process.env.EMULATORS !== undefined) return process.env.EMULATORS;
  const pins = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(ENVIRONMENTS, `emulators-${pins}`);
  const finished = join(folder, 'finished');
  if (!existsSync(finished)) {
    mkdirSync(dirname(folder), { recursive: true });
    run('python3', ['-m', 'venv', '--clear', folder]);
    const install = [
      'install',
      '--quiet',
      '--no-compile',
      '--disable-pip-version-check',
      '--requirement',
      REQUIREMENTS,
    ];
    run(join(folder, 'bin', 'pip'), install);
    // An installation that was cut off is made again.
    writeFileSync(finished, '');
  }
  return join(folder, 'bin');
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'inherit' });
}
