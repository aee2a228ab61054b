/**
 * Lambda's own runtime interface client: what polls for invocations and calls the handler in AWS. Its native part is compiled, so it is no
 * dependency of the project; it is installed from npm the first time, and needs cmake, g++, make, xz and Node's headers.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const VERSION = '4.0.2';
const ROOT = resolve(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, 'node_modules', '.cache', `aws-lambda-ric-${VERSION}`);
const CLIENT = join(FOLDER, 'node_modules', 'aws-lambda-ric');

/** The file that a sandbox runs. One that is compiled already is used again. */
export function runtimeClient(): string {
  // The last thing that an installation makes.
  if (existsSync(join(CLIENT, 'rapid-client.node'))) return join(CLIENT, 'index.mjs');
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const name = 'aws-lambda-ric';
  const manifest = { private: true, dependencies: { [name]: VERSION }, allowScripts: { [name]: true } };
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify(manifest));
  const headers = headersFolder();
  execFileSync('npm', ['install', '--prefix', FOLDER, '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...(headers === undefined ? {} : { npm_config_nodedir: headers }) },
  });
  return join(CLIENT, 'index.mjs');
}

/** Where Node's headers are already, so that nothing but npm is asked. The addon is of Node-API: of any version they do. */
function headersFolder(): string | undefined {
  const prefixes = ['/usr', '/usr/local', dirname(dirname(process.execPath))];
  return prefixes.find((prefix) => existsSync(join(prefix, 'include/node/node_api.h')));
}
