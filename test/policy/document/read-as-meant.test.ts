/** What looks dangerous and is only unusual is read as it is meant. */
import { expect, test } from '@jest/globals';
import { parsePolicies } from '../../../lib/policy/document/parse.ts';
import { printPolicies } from '../../../lib/policy/document/print.ts';
import { versionOf } from '../../../lib/policy/document/version.ts';
import { bounded, policyOf, setOf } from './documents.ts';

test('`mode: off` is the text off, not false', () => {
  expect(policyOf(bounded('mode: off')).mode).toBe('off');
});

test('JSON is YAML: tabs, commas, quotes and all', () => {
  const json = JSON.stringify(
    { $schema: 'schmitt.json', version: 1, services: [{ service: 'prod/web', capacity: { min: 1, max: 9 } }] },
    undefined,
    '\t',
  );
  expect(parsePolicies([{ name: 'web.json', text: json }])).toEqual(setOf(bounded('')));
});

test('a byte order mark, carriage returns and comments change nothing', () => {
  const text = `\uFEFF# a comment\n${bounded('mode: act  # another')}`.replace(/\n/g, '\r\n');
  expect(policyOf(text).mode).toBe('act');
});

test('anchors, aliases and merge keys', () => {
  const text = `version: 1
services:
  - &web
    service: prod/web
    capacity: &sizes { min: 1, max: 9 }
  - <<: *web
    service: prod/shop
  - service: prod/cart
    capacity: { <<: [*sizes], max: 20 }
`;
  expect(setOf(text).services.map(({ service, capacity }) => [service, capacity])).toEqual([
    ['web', { min: 1, max: 9 }],
    ['shop', { min: 1, max: 9 }],
    ['cart', { min: 1, max: 20 }],
  ]);
});

test('a tag may be called as anything, also as a merge key', () => {
  const [one] = setOf(
    "version: 1\nservices: [{ tagged: { '<<': 'off', constructor: 'x' }, capacity: { min: 1, max: 2 } }]",
  ).tagged;
  expect(Object.entries(one?.tags ?? {})).toEqual([
    ['<<', 'off'],
    ['constructor', 'x'],
  ]);
});

test('a signal may have the name of a function', () => {
  const text = bounded(
    'signals: { p95: { alb: TargetResponseTime, stat: p95 } }\nscaleOut: [{ name: slow, when: "p95 > 800 && p95(p95, \'5m\') > 700", add: 1 }]',
  );
  expect(policyOf(text).scaleOut[0]?.name).toBe('slow');
});

test.each([
  ['90s', 90],
  ['1m30s', 90],
  ['1d', 86_400],
  ['0h20s', 20],
])('cadence %s', (text, seconds) => {
  expect(policyOf(bounded(`cadence: ${text}`)).cadenceSeconds).toBe(seconds);
});

test.each([
  ["cron: '0 22 * * *', until: '06:30'", 8.5 * 3600],
  ["cron: '0 8 * * *', until: '08:00'", 24 * 3600],
  ['from: 2026-03-29T00:00:00+01:00, to: 2026-03-29T04:00:00+02:00', 3 * 3600],
  ['from: 2026-03-29T00:00:00Z, lasts: 2h', 2 * 3600],
])('a freeze with %s', (window, seconds) => {
  expect(policyOf(bounded(`freeze: [{ ${window} }]`)).freeze[0]?.lastsSeconds).toBe(seconds);
});

test('until is kept as the time of day it is, and printed so', () => {
  const { freeze } = policyOf(bounded(`freeze: [{ cron: '0 22 * * *', until: '06:30' }]`));
  expect(freeze[0]).toMatchObject({ untilMinute: 390 });
  expect(printPolicies(setOf(bounded(`freeze: [{ cron: '0 22 * * *', until: '06:05' }]`)))).toContain('until: "06:05"');
});

test('min 0 is allowed where a queue can ask for the first task', () => {
  const text = `version: 1\nservices: [{ service: a/b, capacity: { min: 0, max: 2 }, signals: { q: { sqs: q } }, targets: [{ signal: q, perTask: 5 }] }]`;
  expect(policyOf(text).capacity.min).toBe(0);
});

test('the version follows the meaning, not the spelling', () => {
  const written = setOf(bounded('cadence: 1m\nmode: shadow'));
  expect(written.version).toBe(setOf(bounded('')).version);
  expect(setOf(bounded('mode: act')).version).not.toBe(written.version);
  expect(versionOf(setOf(bounded('')))).toBe(written.version);
});
