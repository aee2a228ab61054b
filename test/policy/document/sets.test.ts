/** Several files are one set. */
import { expect, test } from '@jest/globals';
import { BadInput } from '../../../lib/policy/bad-input.ts';
import { checkPolicies, parsePolicies } from '../../../lib/policy/document/parse.ts';
import { lint } from '../../../lib/policy/lint/lint.ts';
import { bounded, sentencesOf, setOf } from './documents.ts';

const HOLIDAYS = 'version: 1\ncalendars: { holidays: [2026-12-26, 2026-12-25, 2026-12-25] }\n';
const CLOSED = bounded("freeze: [{ cron: '0 0 * * *', lasts: 24h, calendar: holidays }]");
const BILLING = 'version: 1\nservices: [{ service: prod/billing, capacity: { min: 3, max: 9 } }]\n';

test('services, groups and lists of all files add up, in the order of the files', () => {
  const group =
    'version: 1\ngroups: [{ name: db, services: [prod/web, prod/billing], maxTasks: 12 }]\nallow: [prod/*]\n';
  const set = setOf(CLOSED, group, BILLING, HOLIDAYS);
  expect(set.services.map(({ service }) => service)).toEqual(['web', 'billing']);
  expect(set.groups.map(({ services }) => services)).toEqual([['prod/web', 'prod/billing']]);
  expect(set.allow).toEqual(['prod/*']);
});

test('a calendar lies in a file of its own, its dates in order and each once', () => {
  expect(setOf(CLOSED, HOLIDAYS).services[0]?.freeze[0]?.dates).toEqual({
    use: 'only',
    calendar: 'holidays',
    dates: ['2026-12-25', '2026-12-26'],
  });
});

test('signals of the defaults are those of a service only where it uses them, itself or through another one', () => {
  const defaults = `version: 1
defaults:
  signals:
    cpu: { ecs: CPUUtilization }
    mem: { ecs: MemoryUtilization }
    rps: { alb: RequestCount, per: second, whenMissing: zero }
    load: { promql: up, from: amp, whenMissing: { use: jobs } }
    jobs: { sqs: jobs }
    both: { math: cpu + mem }
    max: { pushed: true }
`;
  const signalsOf = (body: string) => Object.keys(setOf(defaults, bounded(body)).services[0]?.signals ?? {});
  expect(signalsOf('')).toEqual([]);
  expect(signalsOf(`scaleOut: [{ name: out, when: "max(cpu, '5m') > 70", add: 1 }]`)).toEqual(['cpu']);
  expect(signalsOf('signals: { disk: { pushed: true } }\ntargets: [{ signal: load, perTask: 5 }]')).toEqual([
    'load',
    'jobs',
    'disk',
  ]);
  expect(signalsOf("guard: { holdInWhile: ['both > 100'] }")).toEqual(['cpu', 'mem', 'both']);
  // Silence is zero only while the service lives, which its CPU shows, or its memory.
  expect(signalsOf("scaleIn: [{ name: in, when: 'rps < 5', remove: 1 }]")).toEqual(['cpu', 'mem', 'rps']);
  expect(signalsOf('scaleOut: [{ name: out, bands: { signal: mem, steps: [{ from: 70, add: 1 }] } }]')).toEqual([
    'mem',
  ]);
  const own = setOf(defaults, bounded('signals: { mem: { ecs: MemoryUtilization } }'));
  expect(
    lint(own)
      .filter(({ rule }) => rule === 'unused-signal')
      .map(({ path }) => path),
  ).toEqual([['signals', 'mem']]);
});

test('what two files say differently is refused, and both places are named', () => {
  const other = 'version: 1\nservices:\n  - { service: prod/web, capacity: { min: 1, max: 2 } }\n';
  expect(sentencesOf(bounded(''), other)).toEqual([
    'b.yaml:3: services[0].service is "prod/web", as services[0].service in a.yaml:3 is; keep one of them.',
  ]);
  const defaults = 'version: 1\ndefaults: { mode: off }\n';
  expect(sentencesOf(defaults, bounded(''), defaults)).toEqual([
    'c.yaml:2: defaults stands in the set for the second time, as defaults in a.yaml:2 is; keep one of them.',
  ]);
  expect(sentencesOf(CLOSED, HOLIDAYS, HOLIDAYS)).toEqual([
    'c.yaml:2: calendars.holidays has the name of another calendar, as calendars.holidays in b.yaml:2 is; keep one of them.',
  ]);
});

test('an ARN and the name in it are one service', () => {
  const arn =
    'version: 1\nservices:\n  - service: arn:aws:ecs:eu-west-1:123456789012:service/prod/web\n    capacity: { min: 1, max: 2 }\n';
  expect(sentencesOf(bounded(''), arn)).toEqual([
    'b.yaml:3: services[0].service is "arn:aws:ecs:eu-west-1:123456789012:service/prod/web", as services[0].service in a.yaml:3 is; keep one of them.',
  ]);
});

test('a group may name a service that only its tags select', () => {
  const tagged =
    'version: 1\nservices: [{ tagged: { schmitt: web }, capacity: { min: 1, max: 2 } }]\ngroups: [{ name: db, services: [prod/unseen], maxTasks: 5 }]\n';
  expect(setOf(tagged).groups[0]?.services).toEqual(['prod/unseen']);
});

test('parsePolicies throws the first sentence and the number of the others', () => {
  const bad = bounded('mode: on\ncadence: 5');
  expect(() => parsePolicies([{ name: 'p.yaml', text: bad }])).toThrow(
    new BadInput('p.yaml:5: services[0].mode is "on"; write act, shadow or off. And 1 more.'),
  );
  expect(() => parsePolicies([])).toThrow(new BadInput('policy:1: no file was given; name one.'));
});

test('what has no effect is a warning', () => {
  const text = bounded(
    'freeze: [{ from: 2026-01-01T00:00:00Z, to: 2026-01-02T00:00:00Z }]',
    "calendars: { sales: [2026-11-11] }\ndeny: ['*/web']\n",
  );
  const warnings = (now?: number) => {
    const checked = checkPolicies([{ name: 'p.yaml', text }], now === undefined ? {} : { now });
    return checked.kind === 'ok' ? checked.warnings.map(({ message }) => message) : ['bad'];
  };
  expect(warnings()).toEqual([
    'p.yaml:6: calendars.sales is named by no schedule and no freeze; use it or delete it.',
    'p.yaml:3: services[0].service is prod/web, which deny "*/web" takes out; delete one of them.',
  ]);
  expect(warnings(Date.parse('2026-01-02T02:00:00Z'))).toContain(
    'p.yaml:5: services[0].freeze[0].to is 2026-01-02T00:00:00Z, over since 2h; delete the window.',
  );
});
