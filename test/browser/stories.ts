/** Tells stories of a page in a real browser: each gets a page of its own, loaded from the file system and ready. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const TIME_LIMIT_MS = 10_000;
const WIDTHS = [1280, 390];
const SCHEMES = ['light', 'dark'] as const;

export interface Look {
  readonly width: number;
  readonly scheme: (typeof SCHEMES)[number];
}

export type Story = (page: Page, look: Look) => Promise<void>;

export async function boxOf(page: Page, selector: string) {
  const box = await page.locator(selector).boundingBox();
  assert.ok(box, `${selector} is not drawn`);
  return box;
}

export async function changed(page: Page, selector: string, before: string): Promise<void> {
  await page.waitForFunction(`document.querySelector('${selector}').innerText !== ${JSON.stringify(before)}`);
}

/** The exit code. @param screenshots a folder, absent for none */
export async function tellAll(
  name: string,
  html: string,
  stories: Readonly<Record<string, Story>>,
  screenshots: string | undefined,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'schmitt-page-'));
  const url = pathToFileURL(join(folder, `${name}.html`)).href;
  await writeFile(join(folder, `${name}.html`), html);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  let passed = 0;
  let failed = 0;
  for (const look of WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })))) {
    for (const [title, story] of Object.entries(stories)) {
      const wrong = await tell(browser, url, look, story);
      if (wrong.length === 0) passed += 1;
      else failed += 1;
      for (const line of wrong) console.log(`FAILED ${look.width} ${look.scheme}, ${title}: ${line}`);
    }
    if (screenshots !== undefined) await photograph(browser, url, look, join(screenshots, name));
  }
  await browser.close();
  await rm(folder, { recursive: true });
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** What is wrong, one line each: a story that fails, an error, a word on the console, a request for anything else. */
async function tell(browser: Browser, url: string, look: Look, story: Story): Promise<readonly string[]> {
  const page = await browser.newPage({ viewport: { width: look.width, height: 900 }, colorScheme: look.scheme });
  page.setDefaultTimeout(TIME_LIMIT_MS);
  const wrong: string[] = [];
  page.on('console', (message) => wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url) wrong.push(`request: ${request.url()}`);
  });
  try {
    await page.goto(url);
    await page.waitForSelector('body[data-ready]');
    await story(page, look);
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  await page.close();
  return wrong;
}

async function photograph(browser: Browser, url: string, { width, scheme }: Look, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  await page.goto(url);
  await page.waitForSelector('body[data-ready]');
  await page.screenshot({ path: `${path}-${width}-${scheme}.png`, fullPage: true });
  await page.close();
}
