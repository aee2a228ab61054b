/**
 * The page of a backtest in a real browser from the file system, at two widths and in light and dark. Needs Chromium, so it is no part of
 * `npm test`: run `node test/browser/backtest.browser.ts [folder for screenshots]`.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { renderBacktestPage } from '../../lib/report/backtest/page.ts';
import { aBacktest, TARGET_POLICY } from '../report/a-backtest.ts';
import { boxOf, changed, type Story, tellAll } from './stories.ts';

const rangeOf = (page: Page) => page.locator('#range').innerText();
const MODEL = 'the model';

/** A place in a chart: share of its width, at half its height. */
async function placeAt(page: Page, share: number, chart = '#chart-tasks'): Promise<{ x: number; y: number }> {
  await page.locator(chart).scrollIntoViewIfNeeded();
  const { x, y, width, height } = await boxOf(page, `${chart} .u-over`);
  return { x: x + width * share, y: y + height / 2 };
}

const EVERY_PAGE: Readonly<Record<string, Story>> = {
  'nothing is wider than the window': async (page, { width }) => {
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
  },
  'text is large enough to read': async (page) => {
    const sizes = `[...document.querySelectorAll('body *')].filter((it) => it.checkVisibility() && it.textContent.trim() !== '' && it.children.length === 0).map((it) => parseFloat(getComputedStyle(it).fontSize))`;
    assert.ok((await page.evaluate<number>(`Math.min(...${sizes})`)) >= 11);
  },
  'how far to believe it stands above everything else': async (page) => {
    const { y } = await boxOf(page, '.fidelity');
    const { y: below } = await boxOf(page, '.lead');
    assert.ok(y < below);
  },
};

const CHARTS: Readonly<Record<string, Story>> = {
  'each chart is drawn, in the colours of its scheme': async (page, { scheme }) => {
    for (const chart of ['strips', 'load', 'tasks', 'cpu']) {
      const colours = `new Set(new Uint32Array(document.querySelector('#chart-${chart} canvas').getContext('2d').getImageData(0, 0, 340, 150).data.buffer)).size`;
      assert.ok((await page.evaluate<number>(colours)) > 10, `${chart} is empty`);
    }
    const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    assert.equal(Number(paper.match(/\d+/)?.[0]) > 127, scheme === 'light', paper);
  },
  'every chart has a name for those who do not see it': async (page) => {
    for (const chart of ['strips', 'load', 'tasks', 'cpu']) {
      assert.ok(((await page.locator(`#chart-${chart} .plot`).getAttribute('aria-label')) ?? '').length > 10, chart);
    }
  },
  'the keyboard steps through the decisions and zooms': async (page) => {
    const whole = await rangeOf(page);
    await page.locator('#chart-tasks .plot').focus();
    await page.keyboard.press('ArrowRight');
    const first = await page.locator('#spoken').innerText();
    assert.match(first, /^Mon 5 Jan, \d\d:\d\d, \d+ → \d+: /);
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await page.locator('#spoken').innerText(), first);
    await page.keyboard.press('+');
    await changed(page, '#range', whole);
    await page.keyboard.press('0');
    assert.equal(await rangeOf(page), whole);
  },
};

const RANKED: Readonly<Record<string, Story>> = {
  ...EVERY_PAGE,
  ...CHARTS,
  'the answer has dollars and minutes': async (page) => {
    assert.match(
      await page.locator('.lead').innerText(),
      /^This policy would have cost \$[\d.]+ instead of \$[\d.]+ .* overloaded for \d+ minutes? instead of \d+ minutes/,
    );
    assert.deepEqual(await page.locator('.scoretable tbody th').allInnerTexts(), [
      'this policy',
      'what really scaled it',
      'the model',
    ]);
  },
  'pointing reads what was, what would have been, and why': async (page) => {
    const { x, y } = await placeAt(page, 0.7);
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y);
    assert.match(await page.locator('#chart-tasks .legend').innerText(), /Really\S*\s+\d+\s+Would have been\S*\s+\d+/);
    assert.match(await page.locator('#chart-load .legend').innerText(), /Load\S*\s+[\d.]+/);
    assert.match(await page.locator('#now').innerText(), /^Tue 6 Jan, \d\d:\d\d · /);
  },
  'dragging zooms all charts and the strips, a double click shows the whole again': async (page) => {
    const whole = await rangeOf(page);
    const [from, to] = [await placeAt(page, 0.6), await placeAt(page, 0.8)];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await changed(page, '#range', whole);
    assert.match(await rangeOf(page), /^Tue 6 Jan, 0[45]:\d\d to 14:\d\d$/);
    await page.mouse.dblclick(from.x, from.y);
    await page.waitForFunction(`document.querySelector('#range').innerText === ${JSON.stringify(whole)}`);
  },
  'the model can be looked at instead, with what it decided': async (page) => {
    assert.match(await page.locator('#decisions .sentence').first().innerText(), /^(warm|calm|emergency) true/);
    await page.locator('#run').selectOption(MODEL);
    assert.match(
      await page.locator('#decisions .sentence').first().innerText(),
      /^model of target tracking of CPU at 60$/,
    );
    assert.equal(await page.locator('#chart-tasks canvas').count(), 1);
    await page.locator('#chart-strips').scrollIntoViewIfNeeded();
    const { x, y } = await boxOf(page, '#chart-strips .u-over');
    await page.mouse.click(x + 60, y + 45);
    assert.equal(await page.locator('#run').inputValue(), 'this policy');
  },
  'the limits are told': async (page) => {
    const words = await page.locator('.assumptions').innerText();
    assert.match(words, /CPU was capped\s+for \d+ minutes the real tasks were full: there the load is a lower bound/);
    assert.match(words, /Deployments\s+are not in the history/);
  },
};

const REFUSED: Readonly<Record<string, Story>> = {
  ...EVERY_PAGE,
  ...CHARTS,
  'it says why nothing is ranked, and ranks nothing': async (page) => {
    assert.match(
      await page.locator('.lead').innerText(),
      /^Not ranked, because the counts that really were are not those/,
    );
    assert.equal(await page.locator('.scores, .scoretable').count(), 0);
    assert.deepEqual(await page.locator('#run option').allInnerTexts(), [MODEL]);
  },
};

const UNKNOWN: Readonly<Record<string, Story>> = {
  ...EVERY_PAGE,
  'without a model there is no picture, only the sentence': async (page) => {
    assert.match(await page.locator('.fidelity').innerText(), /Fidelity unknown\s+It cannot be shown/);
    assert.match(await page.locator('.lead').innerText(), /not registered with Application Auto Scaling/);
    assert.equal(await page.locator('canvas').count(), 0);
  },
};

const BY_TARGET: Readonly<Record<string, Story>> = {
  ...EVERY_PAGE,
  'a policy that reads no CPU has no chart of it; the model has': async (page) => {
    assert.match(await page.locator('.lead').innerText(), /\(requests above 4320 a task\)\.$/);
    assert.equal(await page.locator('#chart-cpu').isVisible(), false);
    await page.locator('#run').selectOption(MODEL);
    assert.equal(await page.locator('#chart-cpu canvas').count(), 1);
    await page.locator('#run').selectOption('this policy');
    assert.equal(await page.locator('#chart-cpu').isVisible(), false);
  },
};

const [, , folder] = process.argv;
const codes = [
  await tellAll('backtest-by-target', renderBacktestPage(aBacktest({ policyText: TARGET_POLICY })), BY_TARGET, folder),
  await tellAll('backtest', renderBacktestPage(aBacktest()), RANKED, folder),
  await tellAll('backtest-refused', renderBacktestPage(aBacktest({ target: 45 })), REFUSED, folder),
  await tellAll('backtest-unknown', renderBacktestPage(aBacktest({ scaled: false })), UNKNOWN, folder),
];
process.exitCode = Math.max(...codes);
