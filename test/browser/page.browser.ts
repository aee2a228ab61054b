/**
 * The page in a real browser, opened from the file system, at two widths and in light and dark. Needs Chromium, so it is no part of
 * `npm test`: run `node test/browser/page.browser.ts [folder for screenshots]`; the browser is /usr/bin/chromium or $CHROMIUM.
 */
import assert from 'node:assert/strict';
import { renderRunPage } from '../../lib/report/page.ts';
import { aRun } from '../report/a-run.ts';
import { drag, drawn, placeAt, pointAt, READABLE, rangeOf } from './chart-stories.ts';
import { boxOf, changed, type Story, tellAll } from './stories.ts';

const HOSTILE = '</script><img src=x onerror=alert(1)>';

const STORIES: Readonly<Record<string, Story>> = {
  ...READABLE,
  ...drawn(['#chart-load', '#chart-tasks', '#chart-cpu'], 20),
  'pointing at a decision shows its sentence, and elsewhere why nothing happened': async (page) => {
    await pointAt(page, shareOf('14:05'));
    await page.locator('#tooltip').waitFor({ state: 'visible' });
    assert.match(await page.locator('#tooltip').innerText(), /29 → 32\s+warm true 2 of 3/);
    await pointAt(page, shareOf('09:54'));
    await page.locator('#tooltip').waitFor({ state: 'hidden' });
    assert.match(await page.locator('#now').innerText(), /hold 26: warm false/);
    assert.match(await page.locator('#chart-load .legend').innerText(), /Load\s+\d+\/s/);
  },
  'dragging zooms all charts, a double click shows the whole run again': async (page) => {
    const whole = await rangeOf(page);
    await drag(page, shareOf('06:00'), shareOf('12:00'));
    await changed(page, '#range', whole);
    assert.match(await rangeOf(page), /^Tue 3 Mar, (05:5|06:0)\d to 1[12]:\d\d$/);
    assert.match(await page.locator('#decisions-count').innerText(), /^\d of \d+, those in sight$/);
    const zoomed = await rangeOf(page);
    const { x, y } = await placeAt(page, shareOf('06:00'));
    await page.mouse.dblclick(x, y);
    await changed(page, '#range', zoomed);
    assert.equal(await rangeOf(page), whole);
  },
  'the keyboard steps through the decisions and zooms': async (page) => {
    const whole = await rangeOf(page);
    await page.locator('#chart-tasks .plot').focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await page.locator('#spoken').innerText(), /^Tue 3 Mar, \d\d:\d\d, \d+ → \d+: \w+ true/);
    const first = await page.locator('#spoken').innerText();
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await page.locator('#spoken').innerText(), first);
    await page.keyboard.press('ArrowLeft');
    assert.equal(await page.locator('#spoken').innerText(), first);
    await page.keyboard.press('+');
    await changed(page, '#range', whole);
    await page.keyboard.press('0');
    assert.equal(await rangeOf(page), whole);
  },
  'a decision of the list is shown in the picture': async (page) => {
    await page.locator('#decisions button').nth(3).click();
    await page.locator('#tooltip').waitFor({ state: 'visible' });
    const listed = await page.locator('#decisions .sentence').nth(3).innerText();
    assert.ok((await page.locator('#tooltip').innerText()).includes(listed));
    const { x, width } = await boxOf(page, '#tooltip');
    assert.ok(x >= 0 && x + width <= (page.viewportSize()?.width ?? 0), 'the tooltip leaves the window');
  },
  'the buttons move and zoom': async (page) => {
    const seen = [await rangeOf(page)];
    for (const move of ['in', 'later', 'earlier', 'out']) {
      await page.locator(`[data-move=${move}]`).click();
      const now = await rangeOf(page);
      assert.notEqual(now, seen.at(-1), move);
      seen.push(now);
    }
    assert.equal(seen.at(-1), seen[0]);
  },
  'a trace with a hostile name is only a name': async (page) => {
    assert.ok((await page.locator('h1').innerText()).includes(HOSTILE));
    assert.equal(await page.locator('img').count(), 0);
  },
};

/** Where a time of the day lies in the charts of that day. */
function shareOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) / 1440;
}

process.exitCode = await tellAll('page', renderRunPage({ ...aRun(), trace: HOSTILE }), STORIES, process.argv[2]);
