/** For each rule of the linter a policy that has the fault, what the linter says of it, and the policy after the mend. */
import type { Facts } from '../../../lib/policy/lint/warning.ts';

export interface Fault {
  /** The fields of one service, one a line; `faulty` lines replace those that begin with the same key. */
  readonly faulty: readonly string[];
  readonly says: readonly string[];
  readonly mended: readonly string[];
  readonly facts?: Facts;
}

const DAY = "{ name: day, cron: '0 8 * * MON-FRI', lasts: 12h, timezone: Asia/Shanghai, min: 10 }";
const NOW = Date.UTC(2026, 10, 1);

export const FAULTS: Readonly<Record<string, Fault>> = {
  'max-below-running': {
    faulty: ['capacity: { min: 2, max: 6 }'],
    facts: { services: { 'prod/checkout': { running: 60 } } },
    says: [
      'capacity.max: max is 6 and 60 tasks run: 54 of them would go, 6 at first and more every 5 min; if that is not meant, write max: 60 or more',
    ],
    mended: ['capacity: { min: 2, max: 60 }'],
  },
  'floor-above-ceiling': {
    faulty: [`schedule: [${DAY}, { name: repairs, cron: '0 2 * * SAT', lasts: 60h, timezone: Asia/Shanghai, max: 4 }]`],
    facts: { now: NOW },
    says: [
      "schedule[0].min: 'day' (min 10) and 'repairs' (max 4) are both open at 2026-11-02 08:00 Asia/Shanghai, and the max wins; let one end before the other, or raise max to 10",
    ],
    mended: [`schedule: [${DAY}, { name: repairs, cron: '0 2 * * SAT', lasts: 40h, timezone: Asia/Shanghai, max: 4 }]`],
  },
  'one-task-behind-balancer': {
    faulty: [
      'capacity: { min: 1, max: 60 }',
      'signals: { cpu: { ecs: CPUUtilization }, rps: { alb: RequestCount, per: second } }',
      "scaleOut: [{ name: warm, when: 'cpu > 70 && rps > 10', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1 }]",
    ],
    says: [
      'capacity.min: min is 1 behind a load balancer: while that task is replaced or its zone is down, nothing answers; write min: 2',
    ],
    mended: [
      'capacity: { min: 2, max: 60 }',
      'signals: { cpu: { ecs: CPUUtilization }, rps: { alb: RequestCount, per: second } }',
      "scaleOut: [{ name: warm, when: 'cpu > 70 && rps > 10', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1 }]",
    ],
  },
  'in-with-out': {
    faulty: [
      'signals: { cpu: { ecs: CPUUtilization }, mem: { ecs: MemoryUtilization } }',
      "scaleOut: [{ name: warm, when: 'cpu > 70 || mem > 85', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]",
    ],
    says: [
      "scaleIn[0].when: at cpu 39, mem 86 both 'warm' and 'calm' are true; let 'calm' look at mem too, as in 'cpu < 40 && mem < 56'",
    ],
    mended: [
      'signals: { cpu: { ecs: CPUUtilization }, mem: { ecs: MemoryUtilization } }',
      "scaleOut: [{ name: warm, when: 'cpu > 70 || mem > 85', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 40 && mem < 56', remove: 1 }]",
    ],
  },
  'undone-step': {
    faulty: [
      "scaleOut: [{ name: warm, when: 'cpu > 70', addPercent: 100 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]",
    ],
    says: [
      "scaleIn[0].when: at cpu 71 'warm' goes from 2 to 4 tasks, where the same load is cpu 35.5 and 'calm' goes back; move the threshold of 'calm' below cpu 35.5, make the step of 'warm' smaller, or raise min",
    ],
    mended: [
      "scaleOut: [{ name: warm, when: 'cpu > 70', addPercent: 100 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 34', remove: 1 }]",
    ],
  },
  'no-way-in': {
    faulty: ['scaleIn: []'],
    says: [
      "the service: no rule can scale in, so what is added stays for ever; add one, as in { name: calm, when: 'cpu < 40', remove: 1, trueFor: 6 of 6 }, or a target",
    ],
    mended: ["scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1, trueFor: 6 of 6 }]"],
  },
  'latency-without-load': {
    faulty: [
      'signals: { cpu: { ecs: CPUUtilization }, p95: { alb: TargetResponseTime, stat: p95 } }',
      "scaleOut: [{ name: slow, when: 'cpu > 70 || p95 > 800', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 40 && p95 < 400', remove: 1 }]",
    ],
    says: [
      "scaleOut[0].when: 'slow' adds tasks because of p95 alone, also where there is nothing to do; join it with a signal of load, as in p95 > 800 && cpu > 50",
    ],
    mended: [
      'signals: { cpu: { ecs: CPUUtilization }, p95: { alb: TargetResponseTime, stat: p95 } }',
      "scaleOut: [{ name: slow, when: 'cpu > 70 || (p95 > 800 && cpu > 50)', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 40 && p95 < 400', remove: 1 }]",
    ],
  },
  'threshold-out-of-range': {
    faulty: [
      "scaleOut: [{ name: warm, when: 'cpu > 0.7', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < -1', remove: 1 }]",
    ],
    says: [
      "scaleOut[0].when: 'cpu > 0.7' compares with 0.7 percent; for a share of the whole write 70",
      "scaleIn[0].when: 'cpu < -1' is never true: cpu goes from 0 to 100 percent; write a threshold inside",
    ],
    mended: [
      "scaleOut: [{ name: warm, when: 'cpu > 70', add: 1 }]",
      "scaleIn: [{ name: calm, when: 'cpu < 40', remove: 1 }]",
    ],
  },
  'period-finer-than-signal': {
    faulty: [
      'signals: { cpu: { ecs: CPUUtilization }, jobs: { sqs: jobs, period: 20s } }',
      'scaleOut: [{ name: warm, when: "cpu > 70 || (jobs > 100 && avg(cpu, \'30s\') > 50)", add: 1 }]',
      "scaleIn: [{ name: calm, when: 'cpu < 40 && jobs < 10', remove: 1 }]",
    ],
    says: [
      'signals.jobs: jobs has a period of 20 s, finer than the cadence of 60 s at which it is read: most of its periods stay unknown; write period: 1m',
      "scaleOut[0].when: avg(cpu, '30s') never has a datapoint in it: cpu comes every 60 s; write 1m or more",
    ],
    mended: [
      'signals: { cpu: { ecs: CPUUtilization }, jobs: { sqs: jobs } }',
      'scaleOut: [{ name: warm, when: "cpu > 70 || (jobs > 100 && avg(cpu, \'1m\') > 50)", add: 1 }]',
      "scaleIn: [{ name: calm, when: 'cpu < 40 && jobs < 10', remove: 1 }]",
    ],
  },
  'percentile-of-few': {
    faulty: [
      'signals: { cpu: { ecs: CPUUtilization }, top: { ecs: CPUUtilization, stat: p95 } }',
      'scaleOut: [{ name: warm, when: "p95(cpu, \'5m\') > 70 || top > 90", add: 1 }]',
      "scaleIn: [{ name: calm, when: 'cpu < 40 && top < 60', remove: 1 }]",
    ],
    says: [
      'signals.top.stat: top is the p95 of one sample a task, at most 180 a period: it needs 200 and is never known; write stat: Maximum',
      "scaleOut[0].when: p95(cpu, '5m') is of 5 datapoints, and such a p95 is as good as their largest; write max(cpu, '5m'), or 20m or more",
    ],
    mended: [
      'signals: { cpu: { ecs: CPUUtilization }, top: { ecs: CPUUtilization, stat: Maximum } }',
      'scaleOut: [{ name: warm, when: "p95(cpu, \'20m\') > 70 || top > 90", add: 1 }]',
      "scaleIn: [{ name: calm, when: 'cpu < 40 && top < 60', remove: 1 }]",
    ],
  },
  'true-for-shorter-than-delay': {
    faulty: [
      'signals: { cpu: { ecs: CPUUtilization, publicationDelay: 3m } }',
      "scaleOut: [{ name: warm, when: 'cpu > 70', add: 1, trueFor: 1 of 1 }]",
    ],
    says: [
      "scaleOut[0].trueFor: 'warm' looks at 60 s, and cpu is known 3 min late, so it answers what may be over; write trueFor: 3 of 3, or use a faster signal",
    ],
    mended: [
      'signals: { cpu: { ecs: CPUUtilization, publicationDelay: 3m } }',
      "scaleOut: [{ name: warm, when: 'cpu > 70', add: 1, trueFor: 3 of 3 }]",
    ],
  },
  'cooldown-shorter-than-start': {
    faulty: ['pace: { out: { cooldown: 60s } }'],
    facts: { services: { 'prod/checkout': { startSeconds: { p50: 70, p95: 95 } } } },
    says: [
      'pace.out.cooldown: the cooldown after scaling out is 60 s, and tasks take 95 s to start: the next step is decided before the last one works; write cooldown: verified, or 1m35s',
    ],
    mended: ['pace: { out: { cooldown: 95s } }'],
  },
  'overlapping-schedules': {
    faulty: [`schedule: [${DAY}, { name: sale, cron: '0 0 11 11 *', lasts: 24h, timezone: Asia/Shanghai, min: 30 }]`],
    facts: { now: NOW },
    says: [
      "schedule[1].min: 'day' (min 10) and 'sale' (min 30) are both open at 2026-11-11 08:00 Asia/Shanghai: the higher min counts, 30 of 'sale'; end 'day' before, or delete its min",
    ],
    mended: [
      `schedule: [${DAY}, { name: evening, cron: '0 20 * * MON-FRI', lasts: 4h, timezone: Asia/Shanghai, min: 30 }]`,
    ],
  },
  'mixed-logic': {
    faulty: ["scaleOut: [{ name: warm, when: 'cpu > 70 || cpu > 60 && cpu < 65', add: 1 }]"],
    says: [
      'scaleOut[0].when: && and || are mixed without parentheses; if it is meant so, write cpu > 70 || (cpu > 60 && cpu < 65)',
    ],
    mended: ["scaleOut: [{ name: warm, when: 'cpu > 70 || (cpu > 60 && cpu < 65)', add: 1 }]"],
  },
  'unused-signal': {
    faulty: ['signals: { cpu: { ecs: CPUUtilization }, mem: { ecs: MemoryUtilization } }'],
    says: ['signals.mem: mem is read at every tick and nothing uses it; delete it, or use it in a rule'],
    mended: ['signals: { cpu: { ecs: CPUUtilization } }'],
  },
};
