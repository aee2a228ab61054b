/**
 * The second opinion: `npm run test:emulators`. Needs `python3` with `venv`, and PyPI the first time (or `$EMULATORS`, a folder with the
 * commands of moto and ministack), so it is no part of `npm test`. Prints one line a story and emulator, and `N passed, N failed`; exit 1
 * where one failed.
 */
import { START } from './emulators.ts';
import { storiesOf } from './stories.emulators.ts';

let passed = 0;
let failed = 0;
for (const [name, start] of Object.entries(START)) {
  const emulator = await start();
  try {
    for (const [title, tell] of Object.entries(storiesOf(name))) {
      try {
        await tell(emulator);
        passed += 1;
        console.log(`ok   ${name}: ${title}`);
      } catch (error) {
        failed += 1;
        console.log(`FAIL ${name}: ${title}\n${error instanceof Error ? error.stack : error}`);
      }
    }
  } finally {
    await emulator.stop();
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
