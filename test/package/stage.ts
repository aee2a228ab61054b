/** A folder like a user's: the tarball of this checkout in `schmitt/dist`, and an app of their own beside it. */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Node {
  readonly version: string;
  readonly folder: string;
}

export interface Stage {
  /** The app; `npm install` has not run here yet. */
  readonly app: string;
  /** Where the package will be installed. */
  readonly installed: string;
  /** The Node of this checkout, and the host's where that is another one. */
  readonly nodes: readonly Node[];
  /** In the app's folder, as typed into a shell; answers what it printed. Throws when it fails. */
  run(command: string, node?: Node, variables?: Readonly<Record<string, string>>): string;
  write(file: string, text: string): void;
  /** Packages that the app has already, from this checkout: to install the CDK again takes longer than all the rest. */
  link(...packages: readonly string[]): void;
  remove(): void;
}

/** Without what `npm run` adds: there, `schmitt` would be this checkout's. */
const PATHS = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));

/** Of the environment, what `npm install` needs on this machine. */
const KEPT = ['HOME', 'npm_config_registry', 'npm_config_cache', 'npm_config_userconfig', 'HTTPS_PROXY', 'NO_PROXY'];

const OFFLINE_FIRST = {
  npm_config_prefer_offline: 'true',
  npm_config_ignore_scripts: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
};

export function createStage(): Stage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'package-')));
  const app = join(folder, 'app');
  const dist = join(folder, 'schmitt/dist');
  for (const each of [app, dist]) mkdirSync(each, { recursive: true });
  const kept = Object.fromEntries(KEPT.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const nodes = nodesHere();
  const stage: Stage = {
    app,
    installed: join(app, 'node_modules/schmitt'),
    nodes,
    run(command, node, variables = {}) {
      const PATH = [...(node === undefined ? [] : [node.folder]), ...PATHS].join(delimiter);
      // What the README builds in the checkout is laid beside the app.
      const build = `npm run --silent --prefix ${ROOT} build:package -- --out ${dist}`;
      const typed = command === 'npm run build:package' ? build : command;
      const { status, stdout, stderr } = spawnSync('sh', ['-c', typed], {
        cwd: app,
        encoding: 'utf8',
        env: { ...kept, ...OFFLINE_FIRST, CI: 'true', NO_COLOR: '1', ...variables, PATH },
      });
      if (status !== 0) throw new Error(`${command}: exit ${status}\n${stdout}${stderr}`);
      return stdout;
    },
    write: (file, text) => writeFileSync(join(app, file), text),
    link(...packages) {
      for (const name of packages) symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
  stage.write('package.json', '{ "private": true }\n');
  return stage;
}

function nodesHere(): readonly Node[] {
  const host = PATHS.flatMap((folder) => versionIn(folder)).slice(0, 1);
  const own = versionIn(dirname(process.execPath));
  return [...own, ...host].filter((node, at, all) => all.findIndex(({ version }) => version === node.version) === at);
}

function versionIn(folder: string): readonly Node[] {
  const { status, stdout } = spawnSync(join(folder, 'node'), ['--version'], { encoding: 'utf8' });
  return status === 0 ? [{ version: stdout.trim(), folder }] : [];
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** A section of the README: what its blocks of a language hold. */
export function blocksOf(section: string, language: string): readonly string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, text = ''] = readme.split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return [...own.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, body = '']) => body);
}
