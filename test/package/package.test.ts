/** What is derived for the package. How it is installed and run: `npm run test:package`. */
import { describe, expect, test } from '@jest/globals';
import { pointedToJavaScript, specifiersIn } from '../../lib/cdk/package/compile.ts';
import { packageManifest } from '../../lib/cdk/package/manifest.ts';

const CHECKOUT = {
  name: 'schmitt',
  version: '1.2.3',
  description: 'An autoscaler.',
  license: 'Apache-2.0',
  bin: { schmitt: 'lib/cli/main.ts' },
  exports: { './cdk': './lib/cdk/index.ts', './package.json': './package.json' },
  dependencies: { '@aws-sdk/client-ecs': '3.0.0', dynalite: '4.0.0', zod: '4.0.0' },
  peerDependencies: { constructs: '^10.5.0' },
  peerDependenciesMeta: { constructs: { optional: true } },
};

describe('the manifest of the package', () => {
  test('names compiled files', () => {
    expect(packageManifest(CHECKOUT, [])).toMatchObject({
      private: true,
      bin: { schmitt: 'lib/cli/main.js' },
      exports: {
        './cdk': { types: './lib/cdk/index.d.ts', default: './lib/cdk/index.js' },
        './package.json': './package.json',
      },
      typesVersions: { '*': { cdk: ['./lib/cdk/index.d.ts'] } },
    });
  });

  test('has the dependencies that are imported, and no others', () => {
    const imported = ['zod/mini', '@aws-sdk/client-ecs', 'node:fs/promises', 'constructs'];
    expect(packageManifest(CHECKOUT, imported)).toMatchObject({
      dependencies: { '@aws-sdk/client-ecs': '3.0.0', zod: '4.0.0' },
      peerDependencies: CHECKOUT.peerDependencies,
      peerDependenciesMeta: CHECKOUT.peerDependenciesMeta,
    });
    expect(packageManifest(CHECKOUT, imported).dependencies).not.toHaveProperty('dynalite');
  });

  test('is refused when an import is no dependency', () => {
    expect(() => packageManifest(CHECKOUT, ['zod', 'left-pad/inner'])).toThrow(
      'the package imports left-pad, which is no dependency of it',
    );
  });
});

describe('compiled code', () => {
  test('starts compiled workers', () => {
    expect(pointedToJavaScript("new Worker(new URL('./work.ts', import.meta.url), {})")).toBe(
      "new Worker(new URL('./work.js', import.meta.url), {})",
    );
  });

  test('has declarations that name compiled files', () => {
    const declared = `export { A } from './a.ts';\ndeclare const b: import("../b.ts").B;\nimport c from 'c.ts';`;
    expect(pointedToJavaScript(declared)).toBe(
      `export { A } from './a.js';\ndeclare const b: import("../b.js").B;\nimport c from 'c.ts';`,
    );
  });

  test('says what it imports, however it does', () => {
    const code = `import a from 'a';\nexport { b } from '@b/b';\nimport 'c';\nawait import('d/e');
const f = require('f');\nrequire.resolve('g/package.json');\nimport own from './own.js';
function lazy() { return createRequire(import.meta.url)('h'); }`;
    expect(specifiersIn(code)).toEqual(['a', '@b/b', 'c', 'd/e', 'f', 'g/package.json']);
  });
});
