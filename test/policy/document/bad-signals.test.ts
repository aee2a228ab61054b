/** Signals: each row is a document and the sentences it is refused with. */
import { expect, test } from '@jest/globals';
import { bounded, sentencesOf } from './documents.ts';

type Row = readonly [document: string, ...sentences: readonly string[]];

const ROWS: readonly Row[] = [
  [
    bounded('signals: { cpu: {} }'),
    'p.yaml:5: services[0].signals.cpu says no source; add one of ecs, alb, cloudwatch, math, sqs, promql, pushed.',
  ],
  [
    bounded('signals: { cpu: { esc: CPUUtilization } }'),
    'p.yaml:5: services[0].signals.cpu has the unknown key "esc"; did you mean ecs?',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilisation } }'),
    'p.yaml:5: services[0].signals.cpu.ecs is "CPUUtilisation"; did you mean CPUUtilization? Possible are CPUUtilization or MemoryUtilization.',
  ],
  [
    bounded('signals: { e: { alb: HTTPCode_ELB_5XX_Count } }'),
    'p.yaml:5: services[0].signals.e.alb is "HTTPCode_ELB_5XX_Count"; did you mean HTTPCode_Target_5XX_Count? Otherwise read another metric with cloudwatch.',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, alb: RequestCount } }'),
    'p.yaml:5: services[0].signals.cpu.alb stands beside ecs, and only one of them can; keep one.',
  ],
  [
    bounded('signals: { cpu: CPUUtilization }'),
    'p.yaml:5: services[0].signals.cpu is "CPUUtilization"; write its source, as in { ecs: CPUUtilization }.',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, stat: avg } }'),
    'p.yaml:5: services[0].signals.cpu.stat is "avg"; write Average, Sum, Minimum, Maximum, SampleCount, or a percentile as in p95.',
  ],
  [
    bounded('signals: { q: { sqs: jobs, stat: Sum } }'),
    'p.yaml:5: services[0].signals.q.stat is not known here; known are count, period, publicationDelay, scale, averagedOverTasks, whenMissing, shareOf.',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, per: second } }'),
    'p.yaml:5: services[0].signals.cpu.per is not known here; known are stat, period, publicationDelay, scale, averagedOverTasks, whenMissing, shareOf.',
  ],
  [
    bounded('signals: { t: { alb: TargetResponseTime, per: second } }'),
    'p.yaml:5: services[0].signals.t.per is second, and Average is no count that could be a rate; delete it or write stat: Sum.',
  ],
  [
    bounded('signals: { r: { alb: RequestCount, period: 20s } }'),
    'p.yaml:5: services[0].signals.r.period is 20s, and a load balancer sends one number a minute; write whole minutes.',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, period: 30s } }'),
    'p.yaml:5: services[0].signals.cpu.period is 30s, and ECS has 20s and whole minutes; write one of these.',
  ],
  [
    bounded('signals: { c: { cloudwatch: { namespace: A, metric: b }, period: 7s } }'),
    'p.yaml:5: services[0].signals.c.period is 7s, and CloudWatch has 1s, 5s, 10s, 20s, 30s and whole minutes; write one of these.',
  ],
  [
    bounded('signals: { in: { ecs: CPUUtilization } }'),
    'p.yaml:5: services[0].signals.in has a name that is a word of the expression language; choose another.',
  ],
  [
    bounded('signals: { "my cpu": { ecs: CPUUtilization } }'),
    'p.yaml:5: services[0].signals["my cpu"] has a name that is not a name of letters, digits and _ that starts with a letter; choose another.',
  ],
  [
    bounded('signals: { __proto__: { ecs: CPUUtilization } }'),
    'p.yaml:5: services[0].signals.__proto__ is no name for a key; choose another.',
  ],
  [
    bounded('signals: { constructor: { ecs: CPUUtilization } }'),
    'p.yaml:5: services[0].signals.constructor has a name that every object of JavaScript has; choose another.',
  ],
  [
    bounded('signals: { c: { cloudwatch: { namespace: A } } }'),
    'p.yaml:5: services[0].signals.c.cloudwatch.metric is missing; add it.',
  ],
  [
    bounded('signals: { c: { promql: up } }'),
    'p.yaml:5: services[0].signals.c.from is missing; name the Prometheus that answers, as in from: amp.',
  ],
  [
    bounded('signals: { c: { cloudwatch: { namespace: A, metric: b, dimensions: { Shard: 1 } } } }'),
    'p.yaml:5: services[0].signals.c.cloudwatch.dimensions.Shard is 1, not a text; put it in quotes.',
  ],
  [bounded('signals: { c: { pushed: yes } }'), 'p.yaml:5: services[0].signals.c.pushed is "yes"; write true.'],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, scale: 0 } }'),
    'p.yaml:5: services[0].signals.cpu.scale is 0; write a number above 0.',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, whenMissing: { use: mem } } }'),
    'p.yaml:5: services[0].signals.cpu.whenMissing.use is "mem", and no signal is called so; the signals are cpu.',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, whenMissing: { use: cpu } } }'),
    'p.yaml:5: services[0].signals.cpu leads back to itself (cpu → cpu); take one of these references out.',
  ],
  [
    bounded(
      'signals:\n  a: { pushed: true, whenMissing: { use: b } }\n  b: { pushed: true, whenMissing: { use: c } }\n  c: { pushed: true, whenMissing: { use: a } }',
    ),
    'p.yaml:6: services[0].signals.a leads back to itself (a → b → c → a); take one of these references out.',
  ],
  [
    bounded(
      'signals:\n  rps: { alb: RequestCount, per: second, whenMissing: { use: cpu } }\n  cpu: { ecs: CPUUtilization }',
    ),
    'p.yaml:6: services[0].signals.rps.whenMissing.use is "cpu", in percent, while rps is in counts per second; name a signal of the same unit.',
  ],
  [
    bounded('signals:\n  rps: { alb: RequestCount, per: second, whenMissing: { use: n } }\n  n: { alb: RequestCount }'),
    'p.yaml:6: services[0].signals.rps.whenMissing.use is "n", in counts per minute, while rps is in counts per second; name a signal of the same unit.',
  ],
  [
    bounded('signals:\n  e: { alb: HTTPCode_Target_5XX_Count, shareOf: cpu }\n  cpu: { ecs: CPUUtilization }'),
    'p.yaml:6: services[0].signals.e.shareOf is "cpu", in percent, while the part is in counts per minute; write both in one unit.',
  ],
  [
    bounded('signals:\n  e: { alb: HTTPCode_Target_5XX_Count, shareOf: rsp }\n  rps: { alb: RequestCount }'),
    'p.yaml:6: services[0].signals.e.shareOf is "rsp", and no signal is called so; did you mean rps?',
  ],
  [
    bounded('signals: { cpu: { ecs: CPUUtilization, whenMissing: none } }'),
    'p.yaml:5: services[0].signals.cpu.whenMissing is "none"; write unknown, zero or { use: another signal }.',
  ],
  [
    bounded('signals: { m: { math: "cpu * 2" } }'),
    'p.yaml:5: services[0].signals.m.math names cpu, and there are no signals; add it or take the name out.',
  ],
  [
    bounded('signals: { m: { math: "jobs * 2" }, jobs: { sqs: x } }'),
    'p.yaml:5: services[0].signals.m.math names jobs, which CloudWatch does not have; use ecs, alb, cloudwatch and math signals.',
  ],
  [
    bounded('signals: { m: { math: "1 + 2" } }'),
    'p.yaml:5: services[0].signals.m.math is "1 + 2", which names no signal; name one that begins with a small letter.',
  ],
];

test.each(ROWS)('%j', (document, ...sentences) => {
  expect(sentencesOf(document)).toEqual(sentences);
});
