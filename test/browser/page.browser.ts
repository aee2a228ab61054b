/**
 * The page in a real browser, opened from the file system, at two widths and in light and dark. Needs Chromium, so it is no part of
 * `npm test`: run `node test/browser/page.browser.ts [folder for screenshots]`; the browser is /usr/bin/chromium or $CHROMIUM.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { renderRunPage } from '../../lib/report/page.ts';
import { aRun } from '../report/a-run.ts';
import { boxOf, changed, type Story, tellAll } from './stories.ts';

const HOSTILE = '</script><img src=x onerror=alert(1)>';

const STORIES: Readonly<Record<string, Story>> = {
  'every chart has a name for those who do not see it': async (page) => {
    for (const chart of ['#chart-load', '#chart-tasks', '#chart-cpu']) {
      assert.ok(((await page.locator(`${chart} .plot`).getAttribute('aria-label')) ?? '').length > 10, chart);
    }
  },
  'nothing is wider than the window': async (page, { width }) => {
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
  },
  'text is large enough to read': async (page) => {
    const sizes = `[...document.querySelectorAll('body *')].filter((it) => it.checkVisibility() && it.textContent.trim() !== '' && it.children.length === 0).map((it) => parseFloat(getComputedStyle(it).fontSize))`;
    assert.ok((await page.evaluate<number>(`Math.min(...${sizes})`)) >= 11);
  },
  'each chart is drawn, in the colours of its scheme': async (page, { scheme }) => {
    for (const chart of ['load', 'tasks', 'cpu']) {
      const colours = `new Set(new Uint32Array(document.querySelector('#chart-${chart} canvas').getContext('2d').getImageData(0, 0, 340, 150).data.buffer)).size`;
      assert.ok((await page.evaluate<number>(colours)) > 20, `${chart} is empty`);
    }
    const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const brightness = Number(paper.match(/\d+/)?.[0]);
    assert.equal(brightness > 127, scheme === 'light', paper);
  },
  'pointing at a decision shows its sentence, and elsewhere why nothing happened': async (page) => {
    const burst = await placeOf(page, 14 * 60 + 5);
    await page.mouse.move(burst.x - 3, burst.y);
    await page.mouse.move(burst.x, burst.y);
    await page.locator('#tooltip').waitFor({ state: 'visible' });
    assert.match(await page.locator('#tooltip').innerText(), /29 → 32\s+warm true 2 of 3/);
    const quiet = await placeOf(page, 9 * 60 + 54);
    await page.mouse.move(quiet.x, quiet.y);
    await page.locator('#tooltip').waitFor({ state: 'hidden' });
    assert.match(await page.locator('#now').innerText(), /hold 26: warm false/);
    assert.match(await page.locator('#chart-load .legend').innerText(), /Load\s+\d+\/s/);
  },
  'dragging zooms all charts, a double click shows the whole run again': async (page) => {
    const range = page.locator('#range');
    const whole = await range.innerText();
    const [from, to] = [await placeOf(page, 6 * 60), await placeOf(page, 12 * 60)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await changed(page, '#range', whole);
    assert.match(await range.innerText(), /^Tue 3 Mar, (05:5|06:0)\d to 1[12]:\d\d$/);
    assert.match(await page.locator('#decisions-count').innerText(), /^\d of \d+, those in sight$/);
    const zoomed = await range.innerText();
    await page.mouse.dblclick(from.x, from.y);
    await changed(page, '#range', zoomed);
    assert.equal(await range.innerText(), whole);
  },
  'the keyboard steps through the decisions and zooms': async (page) => {
    const whole = await page.locator('#range').innerText();
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
    assert.equal(await page.locator('#range').innerText(), whole);
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
    const seen = [await page.locator('#range').innerText()];
    for (const move of ['in', 'later', 'earlier', 'out']) {
      await page.locator(`[data-move=${move}]`).click();
      const now = await page.locator('#range').innerText();
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

/** The middle of the chart of tasks, at a minute of the day. */
async function placeOf(page: Page, minute: number): Promise<{ x: number; y: number }> {
  await page.locator('#chart-tasks').scrollIntoViewIfNeeded();
  const { x, y, width, height } = await boxOf(page, '#chart-tasks .u-over');
  return { x: x + (width * minute) / 1440, y: y + height / 2 };
}

process.exitCode = await tellAll('page', renderRunPage({ ...aRun(), trace: HOSTILE }), STORIES, process.argv[2]);
