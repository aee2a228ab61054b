/**
 * The second opinion: `npm run test:emulators`. Needs `python3` with `venv`, and PyPI the first time (or `$EMULATORS`, a folder with the
 * commands of moto and ministack), so it is no part of `npm test`. Prints one line a story and emulator, and `N passed, N failed`; exit 1
 * where one failed.
 */
import { tellEach, tellEnd } from '../support/tell-each.ts';
import { START } from './emulators.ts';
import { storiesOf } from './stories.emulators.ts';

let told = 0;
let failed = 0;
for (const [name, start] of Object.entries(START)) {
  const stories = storiesOf(name);
  const emulator = await start();
  try {
    failed += await tellEach(stories, emulator, `${name}: `);
    told += Object.keys(stories).length;
  } finally {
    await emulator.stop();
  }
}
tellEnd(told, failed);
