/**
 * The page that compares scalers, in a real browser from the file system, at two widths and in light and dark. Needs Chromium, so it is no
 * part of `npm test`: run `node test/browser/comparison.browser.ts [folder for screenshots]`.
 */
import assert from 'node:assert/strict';
import { renderComparisonPage } from '../../lib/report/comparison/page.ts';
import { aComparison, HOSTILE } from '../report/a-comparison.ts';
import { drag, drawn, placeAt, pointAt, READABLE, rangeOf } from './chart-stories.ts';
import { boxOf, changed, type Story, tellAll } from './stories.ts';

const CHARTS = ['#front-0', '#chart-strips', '#chart-load', '#chart-tasks', '#chart-cpu'];

const STORIES: Readonly<Record<string, Story>> = {
  ...READABLE,
  ...drawn(CHARTS, 10),
  'the table has a line for each scaler, the policy in bold': async (page) => {
    const names = await page.locator('#words-0 .scoretable').first().locator('tbody th').allInnerTexts();
    assert.deepEqual(names, ['ours', 'keda', 'oracle']);
    assert.equal(await page.locator('#words-0 .own th').innerText(), 'ours');
    assert.match(await page.locator('#words-0 .scroll').first().innerText(), /0\.5\s+±0\.1/);
  },
  'the bars of the answers are as long as they took': async (page) => {
    const bars = page.locator('#words-0 .answers svg');
    const widths = await bars.locator('rect').evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width));
    assert.equal(widths.length, 3);
    assert.ok(Math.abs((widths[0] ?? 0) / (widths[1] ?? 1) - 4) < 0.1, widths.join(' '));
    assert.ok((widths[0] ?? 0) > 100);
  },
  'a name of the table shows its run, with its decisions': async (page) => {
    assert.match(await page.locator('#decisions .sentence').first().innerText(), /^cpu true 2 of 3/);
    await page.locator('button[data-run=keda]').first().click();
    assert.equal(await page.locator('#run').inputValue(), 'keda');
    assert.equal(await page.locator('button[data-run=keda]').first().getAttribute('aria-pressed'), 'true');
    assert.equal(await page.locator('#decisions .sentence').first().innerText(), 'keda gives no reason');
    // One legend a chart, whoever was shown before.
    assert.equal(await page.locator('#chart-tasks .u-legend').count(), 1);
    assert.equal(await page.locator('#chart-tasks canvas').count(), 1);
  },
  'dragging zooms every chart, and the zoom stays when another run is chosen': async (page) => {
    const whole = await rangeOf(page);
    await drag(page, 0.2, 0.6);
    await changed(page, '#range', whole);
    const zoomed = await rangeOf(page);
    await page.locator('#run').selectOption('keda');
    assert.equal(await rangeOf(page), zoomed);
    const { x, y } = await placeAt(page, 0.5);
    await page.mouse.dblclick(x, y);
    await changed(page, '#range', zoomed);
    assert.equal(await rangeOf(page), whole);
  },
  'pointing at a decision shows its sentence': async (page) => {
    await pointAt(page, 0.5);
    await page.locator('#tooltip').waitFor({ state: 'visible' });
    assert.match(await page.locator('#tooltip').innerText(), /4 → 8\s+cpu true 2 of 3/);
  },
  'pointing at the front says whose setting that is, and so do the keys': async (page) => {
    await page.locator('#front-0 .plot').scrollIntoViewIfNeeded();
    const { x, y, width, height } = await boxOf(page, '#front-0 .u-over');
    await page.mouse.move(x + width - 40, y + height / 2);
    await page.waitForFunction(`/keda at 40 %: 3\\.00 times/.test(document.querySelector('#front-0 .now').innerText)`);
    await page.locator('#front-0 .plot').focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await page.locator('#front-0 .now').innerText(), /^oracle: 1\.00 times the cost of the oracle/);
    await page.keyboard.press('ArrowRight');
    assert.match(await page.locator('#front-0 .now').innerText(), /^keda at 80 %: 1\.20 times .* 4 % of the requests$/);
  },
  'no two labels beside the front touch': async (page) => {
    await page.addInitScript(`
      window.painted = new Map();
      const paint = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        if (this.canvas.closest('#front-0') !== null) painted.set(String(text), y / devicePixelRatio);
        paint.apply(this, arguments);
      };`);
    await page.reload();
    await page.waitForSelector('body[data-ready]');
    const painted = await page.evaluate<[string, number][]>('[...painted]');
    const heights = painted.flatMap(([text, y]) => (text.endsWith(' %') ? [y] : [])).sort((a, b) => a - b);
    assert.ok(heights.length >= 5, painted.join('; '));
    const gaps = heights.slice(1).map((y, index) => y - (heights[index] ?? 0));
    assert.ok(Math.min(...gaps) >= 14, gaps.join(' '));
  },
  'a line above the charts is a run, too': async (page) => {
    await page.locator('#chart-strips').scrollIntoViewIfNeeded();
    const { x, y } = await boxOf(page, '#chart-strips .u-over');
    await page.mouse.click(x + 60, y + 45);
    assert.equal(await page.locator('#run').inputValue(), 'keda');
  },
  'the keyboard steps through the decisions and zooms': async (page) => {
    const whole = await rangeOf(page);
    await page.locator('#chart-tasks .plot').focus();
    await page.keyboard.press('ArrowRight');
    assert.match(await page.locator('#spoken').innerText(), /, 4 → 8: cpu true 2 of 3/);
    await page.keyboard.press('+');
    await changed(page, '#range', whole);
    await page.keyboard.press('0');
    assert.equal(await rangeOf(page), whole);
  },
  'another load brings its own words and its own runs': async (page) => {
    await page.locator('#scene').selectOption('1');
    await page.locator('#words-1').waitFor({ state: 'visible' });
    assert.equal(await page.locator('#words-0').isVisible(), false);
    assert.ok((await page.locator('#words-1 .lead').innerText()).includes('the second load'));
    await page.waitForFunction(`document.querySelectorAll('#run option').length === 1`);
    assert.equal(await page.locator('#chart-tasks canvas').count(), 1);
  },
  'a table with all its columns and intervals is cut off nowhere at 1280': async (page, { width }) => {
    await page.locator('#scene').selectOption('1');
    await page.locator('#words-1').waitFor({ state: 'visible' });
    const scroll = `document.querySelector('#words-1 .scroll')`;
    const [inner = 0, outer = 0] = await page.evaluate<number[]>(`[${scroll}.scrollWidth, ${scroll}.clientWidth]`);
    assert.ok(width < 1280 || inner <= outer, `${inner} px in ${outer} px`);
  },
  'a trace with a hostile name is only a name': async (page) => {
    assert.ok((await page.locator('#scene').innerText()).includes(HOSTILE));
    assert.equal(await page.locator('img').count(), 0);
  },
};

process.exitCode = await tellAll('comparison', renderComparisonPage(aComparison()), STORIES, process.argv[2]);
