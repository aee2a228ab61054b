import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a result depends on. How a table is made of results is not of it. */
const FOLDERS = ['lib/policy', 'lib/counterfactual', 'lib/loop', 'lib/sim'] as const;
const FILES = ['bench/quality/contenders.ts', 'bench/quality/traces.ts', 'bench/quality/play-trace.ts'] as const;

/** Ten digits that change with the code that plays. */
export function fingerprint(root: string): string {
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const hash = createHash('sha256');
  for (const file of [...found, ...FILES].sort()) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 10);
}
