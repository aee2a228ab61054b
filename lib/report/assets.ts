/** The page's own script and style, and uPlot's: read once, inlined, and named by their hash in the content policy. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const HERE = import.meta.dirname;

/** What a page is made of in the browser, as paths from this folder. */
export interface PageSources {
  /** In the order in which they need each other. */
  readonly modules: readonly string[];
  readonly styles: readonly string[];
}

/** The pieces that every page with charts over time needs; its own `main` comes last. */
export const CHART_MODULES: readonly string[] = [
  'unpack',
  'moment',
  'theme',
  'view',
  'axes',
  'marks',
  'charts',
  'tooltip',
  'decisions',
  'picture',
].map((name) => `browser/${name}.js`);

const RUN_PAGE: PageSources = { modules: [...CHART_MODULES, 'browser/main.js'], styles: ['browser/page.css'] };

export interface Assets {
  /** A classic script: it defines `uPlot`. */
  readonly uPlotScript: string;
  readonly pageScript: string;
  readonly style: string;
}

export function readAssets({ modules, styles }: PageSources = RUN_PAGE): Assets {
  const uPlotFolder = join(require.resolve('uplot/package.json'), '..', 'dist');
  return {
    uPlotScript: readFileSync(join(uPlotFolder, 'uPlot.iife.min.js'), 'utf8').trim(),
    pageScript: modules.map((name) => inlined(readFileSync(join(HERE, name), 'utf8'))).join('\n'),
    style: [join(uPlotFolder, 'uPlot.min.css'), ...styles.map((name) => join(HERE, name))]
      .map((file) => readFileSync(file, 'utf8').trim())
      .join('\n'),
  };
}

/** Modules of one page share one scope there, so their imports and exports fall away. A script cannot contain its own end. */
function inlined(source: string): string {
  const text = source.replace(/^import [^;]*;\n/gm, '').replace(/^export /gm, '');
  if (/<\/script/i.test(text)) throw new Error('a browser module contains the end of a script element');
  return text;
}

/** As a content policy wants it. */
export function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
