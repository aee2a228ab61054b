/** What the installed package says of itself: the checkout's package.json, with compiled files and only the packages they import. */
import { builtinModules } from 'node:module';

type Versions = Readonly<Record<string, string>>;

/** Of package.json, what a user of the package needs to know. `bin` and `exports` name sources. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Versions;
  readonly peerDependencies: Versions;
  readonly peerDependenciesMeta: Readonly<Record<string, unknown>>;
}

/** Declarations of the rings that a CDK app sees; the others are the command's own. */
const FILES = [
  'lib/**/*.js',
  'lib/**/*.css',
  'lib/cdk/**/*.d.ts',
  'lib/policy/**/*.d.ts',
  'functions',
  'docs',
  'examples',
];

/** Throws an error that names the package when compiled code imports one that the checkout does not promise to users. */
export function packageManifest(checkout: Manifest, specifiers: Iterable<string>): Readonly<Record<string, unknown>> {
  const { name, version, description, license, peerDependencies, peerDependenciesMeta } = checkout;
  const imported = new Set([...specifiers].map(packageOf).filter(isInstalled));
  const unknown = [...imported].filter((one) => !(one in checkout.dependencies) && !(one in peerDependencies));
  if (unknown.length > 0) throw new Error(`the package imports ${unknown.join(', ')}, which is no dependency of it`);
  const declared = Object.entries(checkout.dependencies).filter(([one]) => imported.has(one));
  return {
    ...{ name, version, description, license, type: 'module', private: true },
    // CommonJS apps can require ES modules since then.
    engines: { node: '>=20.19.0' },
    bin: Object.fromEntries(Object.entries(checkout.bin).map(([command, file]) => [command, compiled(file, '.js')])),
    exports: Object.fromEntries(Object.entries(checkout.exports).map(([path, file]) => [path, target(file)])),
    // For apps whose `moduleResolution` is the old `node`, which does not know `exports`.
    typesVersions: { '*': typesOf(checkout.exports) },
    files: FILES,
    dependencies: Object.fromEntries(declared),
    ...{ peerDependencies, peerDependenciesMeta },
  };
}

/** `@scope/name` or `name` of what an import names; built-ins keep their `node:`. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function isInstalled(name: string): boolean {
  return !name.startsWith('node:') && !builtinModules.includes(name);
}

function target(file: string): unknown {
  if (!file.endsWith('.ts')) return file;
  return { types: compiled(file, '.d.ts'), default: compiled(file, '.js') };
}

function typesOf(exports: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  const typed = Object.entries(exports).filter(([, file]) => file.endsWith('.ts'));
  return Object.fromEntries(typed.map(([path, file]) => [path.replace('./', ''), [compiled(file, '.d.ts')]]));
}

function compiled(file: string, extension: string): string {
  return file.replace(/\.ts$/, extension);
}
