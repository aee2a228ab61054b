/**
 * The page of a backtest in a real browser from the file system, at two widths and in light and dark. Needs Chromium, so it is no part of
 * `npm test`: run `node test/browser/backtest.browser.ts [folder for screenshots]`.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { renderBacktestPage } from '../../lib/report/backtest/page.ts';
import { aBacktest, TARGET_POLICY } from '../report/a-backtest.ts';
import { drag, drawn, placeAt, pointAt, READABLE, rangeOf } from './chart-stories.ts';
import { boxOf, changed, type Story, tellAll } from './stories.ts';

const MODEL = 'the model';

const EVERY_PAGE: Readonly<Record<string, Story>> = {
  ...READABLE,
  'how far to believe it stands above everything else': async (page) => {
    const { y } = await boxOf(page, '.fidelity');
    const { y: below } = await boxOf(page, '.lead');
    assert.ok(y < below);
  },
};

const CHARTS: Readonly<Record<string, Story>> = {
  ...drawn(['#chart-strips', '#chart-load', '#chart-tasks', '#chart-cpu'], 10),
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
    await pointAt(page, 0.7);
    assert.match(await page.locator('#chart-tasks .legend').innerText(), /Really\S*\s+\d+\s+Would have been\S*\s+\d+/);
    assert.match(await page.locator('#chart-load .legend').innerText(), /Load\S*\s+[\d.]+/);
    assert.match(await page.locator('#now').innerText(), /^Tue 6 Jan, \d\d:\d\d · /);
  },
  'dragging zooms all charts and the strips, a double click shows the whole again': async (page) => {
    const whole = await rangeOf(page);
    await drag(page, 0.6, 0.8);
    await changed(page, '#range', whole);
    assert.match(await rangeOf(page), /^Tue 6 Jan, 0[45]:\d\d to 14:\d\d$/);
    const { x, y } = await placeAt(page, 0.6);
    await page.mouse.dblclick(x, y);
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

/** Of the line of what really was, at hours of the two days: 0 where nothing is drawn. */
function opacities(page: Page, hours: readonly number[]): Promise<readonly number[]> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('#chart-strips canvas');
    const over = document.querySelector('#chart-strips .u-over').getBoundingClientRect();
    const { left, top } = canvas.getBoundingClientRect();
    const { data } = canvas.getContext('2d').getImageData(over.left - left, over.top - top + 21, over.width, 1);
    return ${JSON.stringify(hours)}.map((hour) => data[4 * Math.floor((hour / 48) * over.width) + 3]);
  })()`);
}

const WITH_GAP: Readonly<Record<string, Story>> = {
  ...EVERY_PAGE,
  'where the tasks are not known no line says that all was well': async (page) => {
    assert.match(await page.locator('h1').innerText(), /1\.75 of 2 days$/);
    const [before, within, after] = await opacities(page, [18, 23, 28]);
    assert.deepEqual([before, within, after], [255, 0, 255]);
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
  await tellAll('backtest-gap', renderBacktestPage(aBacktest({ gap: [20, 26] })), WITH_GAP, folder),
  await tellAll('backtest-by-target', renderBacktestPage(aBacktest({ policyText: TARGET_POLICY })), BY_TARGET, folder),
  await tellAll('backtest', renderBacktestPage(aBacktest()), RANKED, folder),
  await tellAll('backtest-refused', renderBacktestPage(aBacktest({ target: 45 })), REFUSED, folder),
  await tellAll('backtest-unknown', renderBacktestPage(aBacktest({ scaled: false })), UNKNOWN, folder),
];
process.exitCode = Math.max(...codes);
