/** Stories outside jest, told one after the other: a line on the terminal for each, and how many failed. */
export async function tellEach<Stage>(
  stories: Readonly<Record<string, (stage: Stage) => Promise<void>>>,
  stage: Stage,
  of = '',
): Promise<number> {
  let failed = 0;
  for (const [title, tell] of Object.entries(stories)) {
    try {
      await tell(stage);
      console.log(`ok   ${of}${title}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${of}${title}\n${error instanceof Error ? error.stack : error}`);
    }
  }
  return failed;
}

/** `N passed, N failed`, and the exit code that says the same. */
export function tellEnd(told: number, failed: number): void {
  console.log(`\n${told - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
