/** What every page with charts promises, and how a hand moves over one. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { boxOf, type Story } from './stories.ts';

/** Of a page with charts or without. */
export const READABLE: Readonly<Record<string, Story>> = {
  'nothing is wider than the window': async (page, { width }) => {
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
  },
  'text is large enough to read': async (page) => {
    const sizes = `[...document.querySelectorAll('body *')].filter((it) => it.checkVisibility() && it.textContent.trim() !== '' && it.children.length === 0).map((it) => parseFloat(getComputedStyle(it).fontSize))`;
    assert.ok((await page.evaluate<number>(`Math.min(...${sizes})`)) >= 11);
  },
};

/** @param charts as selectors @param colours of which each has more, where it is drawn */
export function drawn(charts: readonly string[], colours: number): Readonly<Record<string, Story>> {
  return {
    'each chart is drawn, in the colours of its scheme': async (page, { scheme }) => {
      for (const chart of charts) {
        const counted = `new Set(new Uint32Array(document.querySelector('${chart} canvas').getContext('2d').getImageData(0, 0, 340, 150).data.buffer)).size`;
        assert.ok((await page.evaluate<number>(counted)) > colours, `${chart} is empty`);
      }
      const paper = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      assert.equal(Number(paper.match(/\d+/)?.[0]) > 127, scheme === 'light', paper);
    },
    'every chart has a name for those who do not see it': async (page) => {
      for (const chart of charts) {
        assert.ok(((await page.locator(`${chart} .plot`).getAttribute('aria-label')) ?? '').length > 10, chart);
      }
    },
  };
}

/** The time that is in sight, in words. */
export const rangeOf = (page: Page): Promise<string> => page.locator('#range').innerText();

/** A place in a chart: share of its width, at half its height. */
export async function placeAt(page: Page, share: number, chart = '#chart-tasks'): Promise<{ x: number; y: number }> {
  await page.locator(chart).scrollIntoViewIfNeeded();
  const { x, y, width, height } = await boxOf(page, `${chart} .u-over`);
  return { x: x + width * share, y: y + height / 2 };
}

/** At the chart of tasks, coming from beside the place. */
export async function pointAt(page: Page, share: number): Promise<void> {
  const { x, y } = await placeAt(page, share);
  await page.mouse.move(x - 3, y);
  await page.mouse.move(x, y);
}

/** Over the chart of tasks, between two shares of its width. */
export async function drag(page: Page, from: number, to: number): Promise<void> {
  const [start, end] = [await placeAt(page, from), await placeAt(page, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
}
