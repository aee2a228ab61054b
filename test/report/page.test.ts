/** The page as text: what stands in it without a browser. `test/browser` opens it in one. */

import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { renderRunPage } from '../../lib/report/page.ts';
import type { Payload } from '../../lib/report/payload.ts';
import { aRun } from './a-run.ts';

function payloadIn(page: string): Payload {
  const packed = page.match(/<script type="application\/octet-stream" id="run">([^<]*)<\/script>/)?.[1] ?? '';
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

describe('the page of a run', () => {
  const page = renderRunPage(aRun());

  test('says what came out in plain words', () => {
    expect(page).toContain(
      'Over 24 hours, 0.83 % of the requests came while the tasks in service could not take them.',
    );
    expect(page).toContain('It paid for 1.43 times the task-seconds of a scaler that knows the future');
    expect(page).toContain(
      'It changed the count 38.2 times a day; 1.5 of these undid the one before within half an hour.',
    );
  });

  test('fetches nothing and runs nothing but what it carries', () => {
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)?.[1] ?? '';
    const allowed = policy.replaceAll('&#39;', "'");
    const scripts = [...page.matchAll(/<script(?: type="module")?>([\s\S]*?)<\/script>/g)].map(
      ([, text]) => text ?? '',
    );
    const [style = ''] = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text]) => text ?? '');
    expect(scripts).toHaveLength(2);
    expect(allowed).toBe(
      `default-src 'none'; script-src ${scripts.map(hashOf).join(' ')}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/\b(?:src|href)=/);
  });

  test('its modules fit into one scope', () => {
    const module = page.match(/<script type="module">([\s\S]*?)<\/script>/)?.[1] ?? '';
    expect(() => new Script(`(async () => {${module}})`)).not.toThrow();
    expect(module).not.toMatch(/^(?:import|export) /m);
  });

  test('carries the sentence of every decision', () => {
    const run = aRun();
    const { decisions } = payloadIn(page);
    const changed = run.decisions.filter(({ outcome }) => outcome === 'changed');
    expect(decisions.map(([, , , , sentence]) => sentence)).toEqual(changed.map(({ sentence }) => sentence));
  });

  test('is the same page for the same run', () => {
    expect(renderRunPage(aRun())).toBe(page);
  });
});

describe('text that somebody else wrote', () => {
  const hostile = '</script><script>alert(1)</script><b onmouseover="alert(2)">\'&';
  const escaped =
    '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;b onmouseover=&quot;alert(2)&quot;&gt;&#39;&amp;';
  const run = aRun();
  const decisions = run.decisions.map((decision) => ({ ...decision, sentence: hostile }));
  const page = renderRunPage({
    ...run,
    trace: hostile,
    policy: { ...run.policy, cluster: hostile, service: hostile },
    policyFile: hostile,
    policyText: hostile,
    decisions,
    assumptions: [[hostile, hostile]],
  });

  test('stays text', () => {
    expect(page).not.toContain(hostile);
    expect(page).not.toContain('<b onmouseover');
    const inTitleAndHeading = 2 * ['trace', 'cluster', 'service'].length;
    const below = ['file', 'text', 'term', 'words'].length;
    expect(page.split(escaped).length - 1).toBe(inTitleAndHeading + below);
  });

  test('reaches the picture unchanged', () => {
    expect(payloadIn(page).decisions[0]?.[4]).toBe(hostile);
  });
});

describe('the size of a page', () => {
  test.each([1, 30, 90])('%i days stay under a megabyte', (days) => {
    expect(Buffer.byteLength(renderRunPage(aRun(days)))).toBeLessThan(1_000_000);
  });

  test('sentences of decisions that are all different push out first the holds, then the oldest decisions', () => {
    const run = aRun(20);
    const decisions = run.decisions.map((decision, index) => ({
      ...decision,
      outcome: index % 2 === 0 ? ('changed' as const) : ('held' as const),
      sentence: Array.from({ length: 24 }, (_, word) =>
        ((index * 7919 + word * 104729) % 2147483647).toString(36),
      ).join(' '),
    }));
    const page = renderRunPage({ ...run, decisions });
    const payload = payloadIn(page);
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
    expect(payload.holds).toEqual([]);
    expect(payload.decisionsLeftOut).toBeGreaterThan(0);
    expect(payload.decisionsLeftOut + payload.decisions.length).toBe(14_400);
    expect(payload.decisions.at(-1)?.[4]).toBe(decisions.at(-2)?.sentence);
  });
});
