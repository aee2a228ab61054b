/** `npm run build`: bundles every function to `dist/<name>` and says how large they are. `--policies DIR` compiles another folder. */
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { BadInput } from '../policy/bad-input.ts';
import { parsePolicies } from '../policy/document/parse.ts';
import { type Bundle, bundleAll, ROOT } from './bundle.ts';
import { policiesIn } from './policy-folder.ts';

function sizeOf({ name, folder, bytes, bytesBySource }: Bundle): string {
  const kilobytes = (count: number) => `${Math.round(count / 1024)} KB`;
  const largest = [...bytesBySource].slice(0, 3).map(([source, count]) => `${source} ${kilobytes(count)}`);
  return `${name}: ${kilobytes(bytes)} in ${relative(process.cwd(), folder)} (${largest.join(', ')}, …)`;
}

try {
  const { values } = parseArgs({ options: { policies: { type: 'string' } } });
  const { folder, policies } = policiesIn(values.policies);
  const set = parsePolicies(policies.files);
  const bundles = bundleAll(join(ROOT, 'dist'), set);
  for (const bundle of Object.values(bundles)) console.log(sizeOf(bundle));
  console.log(`policies: ${set.services.length} services from ${folder}, compiled to dist/tick/policies.json`);
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
