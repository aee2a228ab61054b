/** Where a PromQL query touches series, found without running it. */
import { describe, expect, test } from '@jest/globals';
import { scopedTo, selectorsOf } from '../../../../lib/aws/signals/promql/selectors.ts';

const texts = (query: string) => selectorsOf(query)?.map(({ text }) => text);

describe('selectors', () => {
  test.each<[string, string[]]>([
    ['up', ['up']],
    ['sum(rate(http_requests_total[2m]))', ['http_requests_total']],
    ['sum by (job, le) (rate(a{x="1"}[5m])) / on(job) group_left(team) b', ['a{x="1"}', 'b']],
    ['sum(a) by (sum) / avg without (b) (c)', ['a', 'c']],
    ['histogram_quantile(0.95, sum(rate(lat_bucket{svc="a,b(\\"}"}[1m])) by (le))', ['lat_bucket{svc="a,b(\\"}"}']],
    ['{__name__="a:b", x=~"y.*"} and on() vector(1)', ['{__name__="a:b", x=~"y.*"}']],
    [
      '{"http.server.requests", "@resource.service.name"="web"}',
      ['{"http.server.requests", "@resource.service.name"="web"}'],
    ],
    ['max_over_time(rate(a[1m])[10m:30s]) > bool 1e3', ['a']],
    ['a offset -5m + b @ end() unless c == NaN or -Inf', ['a', 'b', 'c']],
    ['label_replace(a, "dst", "b{c}", `raw " d`, "") # and e', ['a']],
    ['a # comment with "quote\n+ b', ['a', 'b']],
    ['topk(3, a) or quantile(.9, b)', ['a', 'b']],
    ['1 + 1', []],
    ['time() - 5m', []],
  ])('%s', (query, expected) => {
    expect(texts(query)).toEqual(expected);
  });

  test.each(['sum(a', 'a{x="1"', 'a[5m', 'a{x="1}', 'a)', 'sum(a]', '"'])('nothing is said of %s', (query) => {
    expect(selectorsOf(query)).toBeUndefined();
  });

  test.each<[string, boolean]>([
    ['a', false],
    ['a{}', false],
    ['{__name__="a"}', false],
    ['a{x!="1"}', false],
    ['a{x!~"1"}', false],
    ['a{x="1"}', true],
    ['a{ x =~ "1|2" , y!="" }', true],
    ['{"a.b", "c.d"="e"}', true],
    ['{"a.b"}', false],
  ])('%s names a label: %p', (query, scoped) => {
    expect(selectorsOf(query)?.[0]?.scoped).toBe(scoped);
  });

  test('what asks for the past is told from what asks for now', () => {
    const query = 'sum(rate(a[5m] offset 1w)) / b offset 5m + c[5m] + d @ 1700000000';
    expect(selectorsOf(query)?.map(({ text, past }) => [text, past])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
      ['d', true],
    ]);
  });

  test('are found in no more than a moment in the longest query a policy may have', () => {
    const nasty = ['"'.repeat(4000), '('.repeat(4000), '\\'.repeat(4000), 'a{'.repeat(2000), '"\\'.repeat(2000)];
    const beganAt = performance.now();
    for (const query of nasty) selectorsOf(query);
    expect(performance.now() - beganAt).toBeLessThan(500);
  });
});

describe('a scope', () => {
  test.each([
    ['sum(rate(a[2m])) / b{x="1"}', 'sum(rate(a{svc="web"}[2m])) / b{x="1",svc="web"}'],
    ['a{} + {__name__="b",} + {"c.d"}', 'a{svc="web"} + {__name__="b",svc="web"} + {"c.d",svc="web"}'],
    ['max(timestamp(a))', 'max(timestamp(a{svc="web"}))'],
  ])('is required of every selector: %s', (query, expected) => {
    expect(scopedTo(query, selectorsOf(query) ?? [], { svc: 'web' })).toBe(expected);
  });

  test('cannot be left by a name with quotes in it', () => {
    const labels = { '@resource.service': 'we"b} or up{x="' };
    expect(scopedTo('a', selectorsOf('a') ?? [], labels)).toBe(String.raw`a{"@resource.service"="we\"b} or up{x=\""}`);
  });
});
