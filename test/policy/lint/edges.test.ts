/** What each rule of the linter sees beyond its plainest fault, and what it must leave alone. */
import { describe, expect, test } from '@jest/globals';
import { parsePolicies } from '../../../lib/policy/document/parse.ts';
import { pathText } from '../../../lib/policy/document/problem.ts';
import { lint } from '../../../lib/policy/lint/lint.ts';
import { withParentheses } from '../../../lib/policy/lint/mixed-logic.ts';
import { placed } from '../../../lib/policy/lint/placed.ts';
import { stepFrom } from '../../../lib/policy/lint/step.ts';
import type { Facts } from '../../../lib/policy/lint/warning.ts';
import { FREE_IN, FREE_OUT, percent, policy, rule } from '../../support/policies.ts';

const SIGNALS = `{ cpu: { ecs: CPUUtilization }, mem: { ecs: MemoryUtilization }, rps: { alb: RequestCount, per: second },
      p95: { alb: TargetResponseTime, stat: p95 }, errors: { alb: HTTPCode_Target_5XX_Count, shareOf: rps }, jobs: { sqs: jobs } }`;

interface Rules {
  readonly out?: string;
  readonly in?: string;
  readonly capacity?: string;
  readonly more?: string;
}

function saidBy(rule: string, rules: Rules, facts?: Facts): readonly string[] {
  const text = `version: 1
services:
  - service: prod/checkout
    capacity: ${rules.capacity ?? '{ min: 4, max: 40 }'}
    signals: ${SIGNALS}
    scaleOut: [${rules.out ?? "{ name: warm, when: 'cpu > 70', add: 1 }"}]
    scaleIn: [${rules.in ?? "{ name: calm, when: 'cpu < 40', remove: 1 }"}]
    ${rules.more ?? ''}
`;
  const set = parsePolicies([{ name: 'policy.yaml', text }]);
  return lint(set, facts)
    .filter((one) => one.rule === rule)
    .map(({ path, sentence }) => `${pathText(path)}: ${sentence}`);
}

const out = (when: string, change = 'add: 1') => `{ name: warm, when: "${when}", ${change} }`;
const inn = (when: string, change = 'remove: 1') => `{ name: calm, when: "${when}", ${change} }`;

describe('in-with-out', () => {
  test.each([
    ['the number on the left', out('70 < cpu'), inn('80 > cpu'), 'cpu 71'],
    ['arithmetic', out('cpu * 2 > 140'), inn('cpu < 80'), 'cpu 71'],
    ['negation', out('cpu > 70'), inn('!(cpu > 90)'), 'cpu 71'],
    ['windows that have been steady', out("avg(cpu, '5m') > 70"), inn("max(cpu, '10m') < 80"), 'cpu 71'],
    ['two signals compared', out('cpu > mem'), inn('cpu < 40'), 'cpu 1, mem 0'],
    ['a ternary', out('rps > 100 ? cpu > 50 : cpu > 70'), inn('cpu < 60'), 'rps 101, cpu 51'],
  ])('sees through %s', (_, warm, calm, point) => {
    const [said] = saidBy('in-with-out', { out: warm, in: calm });
    expect(said).toContain(`at ${point} both 'warm' and 'calm' are true`);
  });

  test.each([
    ['a gap', out('cpu > 70'), inn('cpu < 40')],
    ['exactly meeting thresholds', out('cpu >= 70'), inn('cpu < 70')],
    ['a negated bound', out('cpu > 70 || mem > 85'), inn('cpu < 40 && !(mem > 85)')],
    ['thresholds beyond the range', out('cpu > 100'), inn('cpu > 99 && cpu < 50')],
  ])('accepts %s', (_, warm, calm) => {
    expect(saidBy('in-with-out', { out: warm, in: calm })).toEqual([]);
  });

  test('a band that changes nothing does not count', () => {
    const steps = 'bands: { signal: cpu, steps: [{ from: 30, to: 60, add: 0 }, { from: 60, add: 1 }] }';
    expect(saidBy('in-with-out', { out: `{ name: warm, ${steps} }`, in: inn('cpu < 55') })).toEqual([]);
    const loud = steps.replace('add: 0', 'add: 1');
    expect(saidBy('in-with-out', { out: `{ name: warm, ${loud} }`, in: inn('cpu < 55') })).toHaveLength(1);
  });
});

describe('undone-step', () => {
  test('totals stay, so a rule on requests alone is not undone', () => {
    const rules = { out: out('rps > 1000', 'addPercent: 100'), in: inn('rps < 900'), capacity: '{ min: 1, max: 40 }' };
    expect(saidBy('undone-step', rules)).toEqual([]);
  });

  test('a step in that comes back is found too', () => {
    const rules = {
      out: out('cpu > 60'),
      in: inn('cpu < 40', 'removePercent: 50'),
      more: 'pace: { in: { upTo: 50% } }',
    };
    expect(saidBy('undone-step', rules)).toEqual([
      "scaleIn[0].when: at cpu 39 'calm' goes from 7 to 4 tasks, where the same load is cpu 68.3 and 'warm' goes back; move the threshold of 'warm' above cpu 68.3, make the step of 'calm' smaller, or raise min",
    ]);
  });

  test('however small the limit, a step in is a whole task', () => {
    const slow = policy({
      pace: { out: FREE_OUT, in: { ...FREE_IN, upTo: { ...FREE_IN.upTo, percent: 5, tasks: 0 } } },
    });
    expect(stepFrom(slow, rule('calm', 'cpu < 40', percent(50)), 'scaleIn', 8, {})).toBe(7);
  });

  test('the step limit makes a step smaller, and then it stays', () => {
    const rules = { out: out('cpu > 70', 'addPercent: 100'), in: inn('cpu < 40') };
    expect(saidBy('undone-step', rules)).toHaveLength(1);
    expect(saidBy('undone-step', { ...rules, more: 'pace: { out: { upTo: 1 task } }' })).toEqual([]);
  });
});

describe('no-way-in', () => {
  test('a rule that can never be true is none', () => {
    expect(saidBy('no-way-in', { in: inn('cpu < 40 && cpu > 50') })).toEqual([
      "scaleIn: no rule can scale in: 'calm' can never act; correct the conditions",
    ]);
  });

  test('a guard that always holds leaves no way', () => {
    expect(saidBy('no-way-in', { more: "guard: { holdInWhile: ['cpu < 50'] }" })).toEqual([
      "scaleIn: no rule can scale in: 'calm' can never act while no guard holds; correct the conditions",
    ]);
  });

  test('a target is a way, and a fixed count needs none', () => {
    expect(saidBy('no-way-in', { in: '', more: 'targets: [{ signal: rps, perTask: 100 }]' })).toEqual([]);
    expect(saidBy('no-way-in', { in: '', capacity: '{ min: 4, max: 4 }' })).toEqual([]);
  });
});

describe('latency-without-load', () => {
  test.each(['p95 > 800 && mem > 60', 'p95 > 800 && errors > 1', "avg(p95, '5m') > 800", 'p95 > 800 && rps < 10'])(
    '%s has no witness of load',
    (when) => {
      expect(saidBy('latency-without-load', { out: out(when) })).toHaveLength(1);
    },
  );

  test.each(['p95 > 800 && cpu > 50', 'p95 > 800 && rps > 10', 'jobs > 100 && p95 > 800', 'errors > 1'])(
    '%s is well',
    (when) => {
      expect(saidBy('latency-without-load', { out: out(when) })).toEqual([]);
    },
  );

  test('a target on a latency', () => {
    expect(saidBy('latency-without-load', { more: 'targets: [{ signal: p95, perTask: 100 }]' })).toEqual([
      "targets[0]: target 'p95' takes p95 as proportional to the number of tasks, and a latency is not; use a rule with p95 and a signal of load",
    ]);
  });
});

describe('threshold-out-of-range', () => {
  test.each([
    ['cpu > 120', "'cpu > 120' is never true: cpu goes from 0 to 100 percent; write a threshold inside"],
    ['120 > cpu && mem > 85', "'cpu < 120' is always true: cpu goes from 0 to 100 percent; write a threshold inside"],
    [
      "avg(cpu, '5m') >= 101",
      "'avg(cpu, '5m') >= 101' is never true: cpu goes from 0 to 100 percent; write a threshold inside",
    ],
    ['rps >= 0', "'rps >= 0' is always true: rps is never below 0; write a threshold inside"],
    ['p95 > 0.8 && cpu > 50', "'p95 > 0.8' compares with 0.8 milliseconds; for 0.8 s write 800"],
  ])('%s', (when, sentence) => {
    expect(saidBy('threshold-out-of-range', { out: out(when) })).toEqual([`scaleOut[0].when: ${sentence}`]);
  });

  test.each(['cpu >= 100', 'cpu > 99.5', 'errors > 0.5 && cpu > 1', 'jobs > 0'])('%s is inside', (when) => {
    expect(saidBy('threshold-out-of-range', { out: out(when) })).toEqual([]);
  });

  test('guards and targets are looked at too', () => {
    const more = "guard: { holdInWhile: ['errors > 200'] }\n    targets: [{ signal: cpu, perTask: 0.6 }]";
    expect(saidBy('threshold-out-of-range', { more })).toEqual([
      "guard.holdInWhile[0]: 'errors > 200' is never true: errors goes from 0 to 100 percent; write a threshold inside",
      'targets[0].perTask: perTask asks for 0.6 percent; for a share of the whole write 60',
    ]);
  });
});

describe('mixed-logic', () => {
  test.each([
    ['a > 1 && b > 2 || c > 3', '(a > 1 && b > 2) || c > 3'],
    ['(a > 1) && (b > 2) || c > 3', '((a > 1) && (b > 2)) || c > 3'],
    ['(a > 1 || b > 1) && c > 2 || a < 0', '((a > 1 || b > 1) && c > 2) || a < 0'],
    ["!(a > 1 && b > 2 || avg(c, '5m') > 3)", "!((a > 1 && b > 2) || avg(c, '5m') > 3)"],
    ['(a > 1 && b > 2) || c > 3', undefined],
    ['((a > 1) && b > 2) || (c > 3)', undefined],
    ['a > 1 && b > 2 ? c > 1 || a > 3 : b > 1', undefined],
    ['a > 1 || b > 2 || c > 3', undefined],
  ])('%s', (source, mended) => {
    expect(withParentheses(source)).toBe(mended);
  });
});

test('a signal is used as part, as stand-in, as witness and in bands', () => {
  const text = `version: 1
services:
  - service: prod/checkout
    capacity: { min: 2, max: 4 }
    signals:
      witness: { ecs: CPUUtilization }
      whole: { alb: RequestCount }
      share: { alb: HTTPCode_Target_5XX_Count, shareOf: whole, whenMissing: zero }
      first: { pushed: true, whenMissing: { use: second } }
      second: { pushed: true }
      banded: { sqs: jobs }
      idle: { sqs: other }
    scaleOut: [{ name: warm, when: 'first > 70 && share < 1', add: 1 }, { name: steps, bands: { signal: banded, steps: [{ from: 5, add: 1 }] } }]
    scaleIn: [{ name: calm, when: 'first < 40 && banded < 1', remove: 1 }]
`;
  const found = lint(parsePolicies([{ name: 'policy.yaml', text }])).filter(({ rule }) => rule === 'unused-signal');
  expect(found.map(({ path }) => path)).toEqual([['signals', 'idle']]);
});

describe('schedules', () => {
  const day = "{ name: day, cron: '0 8 * * *', lasts: 12h, min: 10 }";
  const night = "{ name: night, cron: '0 20 * * *', lasts: 12h, max: 5 }";
  const facts: Facts = {
    now: Date.UTC(2026, 10, 1),
    services: { 'prod/checkout': { startSeconds: { p50: 100, p95: 300 } } },
  };

  test('a max that holds until a floor begins keeps the floor from being ready', () => {
    expect(saidBy('floor-above-ceiling', { more: `schedule: [${day}, ${night}]` }, facts)).toEqual([
      "schedule[0].min: 'night' (max 5) holds until 'day' (min 10) begins, so that floor is not ready by its time; end 'night' 5 min earlier",
    ]);
    const shorter = night.replace('12h', '11h50m');
    expect(saidBy('floor-above-ceiling', { more: `schedule: [${day}, ${shorter}]` }, facts)).toEqual([]);
  });

  test('a day of the year meets every day, however far away it is', () => {
    const sale = "{ name: sale, cron: '0 0 11 11 *', lasts: 24h, max: 6 }";
    const [said] = saidBy(
      'floor-above-ceiling',
      { more: `schedule: [${sale}, ${day}]` },
      { now: Date.UTC(2026, 11, 1) },
    );
    expect(said).toContain('are both open at 2027-11-11 08:00 UTC');
  });

  test('one that is open already counts, one that is over does not', () => {
    const sale = "{ name: sale, from: '2026-10-31T00:00:00Z', to: '2026-11-02T00:00:00Z', max: 6 }";
    expect(saidBy('floor-above-ceiling', { more: `schedule: [${sale}, ${day}]` }, facts)).toHaveLength(1);
    const over = sale.replace('11-02', '11-01');
    expect(saidBy('floor-above-ceiling', { more: `schedule: [${over}, ${day}]` }, facts)).toEqual([]);
  });
});

describe('where a warning stands', () => {
  const base = `version: 1
defaults:
  capacity: { min: 4, max: 40 }
  signals: { cpu: { ecs: CPUUtilization } }
  scaleOut: [{ name: warm, when: 'cpu > 170', add: 1 }]
  scaleIn:
    - { name: calm, when: 'cpu < 40', remove: 1 }
`;
  const fleet = `version: 1
services:
  - tagged: { schmitt: web }
    scaleOut:
      - { name: warm, when: 'cpu > 70', add: 1 }
      - { name: hot, when: 'cpu > 0.9', add: 2 }
  - service: prod/checkout
    signals: { mem: { ecs: MemoryUtilization } }
`;

  test('in the file and on the line of the service, or of the defaults it comes from', () => {
    const files = [
      { name: 'base.yaml', text: base },
      { name: 'fleet.yaml', text: fleet },
    ];
    const set = parsePolicies(files);
    expect(
      placed(lint(set), files, set).map(({ file, line, service, rule }) => `${file}:${line} ${service} ${rule}`),
    ).toEqual([
      'base.yaml:5 prod/checkout threshold-out-of-range',
      'fleet.yaml:8 prod/checkout unused-signal',
      'base.yaml:7 tagged schmitt=web in-with-out',
      'fleet.yaml:6 tagged schmitt=web threshold-out-of-range',
    ]);
  });
});

test('a large policy is linted in a few seconds at most', () => {
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const signals = names.map((name) => `${name}: { pushed: true, averagedOverTasks: true }`).join(', ');
  const all = (operator: string, join: string, level: number) =>
    names.map((name, index) => `${name} ${operator} ${level + index}`).join(` ${join} `);
  const rules = Array.from({ length: 4 }, (_, index) => index);
  const text = `version: 1
services:
  - service: prod/checkout
    capacity: { min: 1, max: 5000 }
    signals: { ${signals} }
    scaleOut: [${rules.map((one) => `{ name: out${one}, when: '${all('>', '&&', 500 + one)}', addPercent: 10 }`).join(', ')}]
    scaleIn: [${rules.map((one) => `{ name: in${one}, when: '${all('<', '||', 100 + one)}', remove: 1 }`).join(', ')}]
`;
  const set = parsePolicies([{ name: 'policy.yaml', text }]);
  // Of the processor: others may be busy with it too.
  const before = process.cpuUsage();
  lint(set);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(4000);
});
