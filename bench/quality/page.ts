/** docs/results.md: what was measured and how, for somebody who decides what scales a platform's services. */
import { FAMILIES } from '../../lib/sim/scoring/families.ts';
import { macroInterval } from './intervals.ts';
import { pairOf } from './pairs.ts';
import { byLoad, type Result } from './results.ts';
import { AT_COST, AT_OVERLOAD, digits, interval, linesOf, markdown, SHOWN_SETTING, tableOf } from './table.ts';

export interface Measurement {
  readonly date: string;
  readonly version: string;
  /** Fingerprint of the code that was played. */
  readonly code: string;
  readonly seeds: readonly number[];
  readonly sizes: readonly number[];
  readonly settings: readonly number[];
  /** Traces with samples five minutes apart or more. */
  readonly coarse: number;
  readonly results: readonly Result[];
}

const OURS = ['schmitt-thresholds', 'schmitt-target', 'schmitt-target-20s'] as const;
const BOUNDS: readonly string[] = ['fixed-p99', 'oracle'];
const percent = (value: number) => `${Math.round(100 * value)} %`;

export function pageOf(measurement: Measurement): string {
  const { results } = measurement;
  return [
    '# Results',
    '',
    ...written(measurement),
    '',
    `## At a setting of ${percent(SHOWN_SETTING)}`,
    '',
    ...TABLE_READS,
    '',
    markdown(linesOf(results)),
    '',
    '## Against each, at equal overload and at equal cost',
    '',
    ...PAIRS_READ,
    '',
    pairs(results),
    '',
    '## By family of workloads',
    '',
    `Percent of the requests above capacity at a setting of ${percent(SHOWN_SETTING)}.`,
    '',
    families(results),
    '',
    ...method(measurement),
    '',
    ...NOT_SHOWN,
    `- ${measurement.coarse} of the traces have samples five minutes apart or more: their bursts are drawn anew or smoothed, so that they say much about`,
    '  seasons and cost and little about reaction.',
    '',
  ].join('\n');
}

function written({ date, version, code, seeds, results }: Measurement): readonly string[] {
  const traces = new Set(results.map(({ trace }) => trace)).size;
  return [
    `Written by \`npm run bench:quality\` on ${date}: Schmitt ${version} (code ${code}), Node ${process.versions.node}, seeds ${seeds[0]} to ${seeds.at(-1)}.`,
    `${traces} recorded traces were replayed against ten other ways to scale, each a model that is tested with the worked examples of its own`,
    'documentation ([`peers.md`](peers.md)). The command writes whatever it finds; nobody edits this page.',
  ];
}

const TABLE_READS: readonly string[] = [
  '*Overloaded*: requests above what the tasks in service can take, percent of all. *Over SLO*: requests that waited longer than four service',
  'times. *Cost*: billed task-seconds ÷ those of an oracle that knows the load and is never overloaded. *Reaction*: from a step of the load to',
  'enough tasks. In brackets: 95 % of the means when traces are drawn again.',
  '',
  'One row is one point, and whoever aims lower pays more. So the last two columns read all settings of a scaler: how much it is overloaded',
  `where it costs ${AT_COST} × the oracle, and what it costs where ${AT_OVERLOAD} % of the requests are overloaded. Where a scaler reaches that on some of`,
  'the loads only, the easier ones, its figure flatters it: do not compare figures over different loads.',
];

const PAIRS_READ: readonly string[] = [
  `Each scaler stands at ${percent(SHOWN_SETTING)}. *cost*: what ours costs ÷ what it costs, with our setting chosen so that we are overloaded no more than it is`,
  '(below 1 we are cheaper). *overload*: our overload less its, in percent of the requests, where we cost no more than it does (below 0 we are',
  'overloaded less). Only loads on which ours reaches it are compared; how many stands behind it. Less than one request in a hundred thousand',
  'counts as none.',
];

function pairs(results: readonly Result[]): string {
  const peers = [...new Set(results.map(({ group }) => group))].filter((group) => group !== 'oracle');
  const rows = peers.map((peer) => [
    peer,
    ...OURS.flatMap((own) => {
      if (own === peer) return ['', ''];
      const { costRatio, overloadDifference, loads } = pairOf(results, own, peer, SHOWN_SETTING);
      const of = (value: typeof costRatio) =>
        value === undefined || value.loads === loads ? '' : `, ${value.loads} of ${loads}`;
      return [interval(costRatio) + of(costRatio), interval(overloadDifference) + of(overloadDifference)];
    }),
  ]);
  const head = ['against', ...OURS.flatMap((own) => [`${own}: cost`, 'overload'])];
  return tableOf(head, rows, [0]);
}

function families(results: readonly Result[]): string {
  const shown = results.filter(
    ({ setting, group }) => group !== 'oracle' && (setting ?? SHOWN_SETTING) === SHOWN_SETTING,
  );
  const present = FAMILIES.filter((family) => shown.some((one) => one.family === family));
  const rows = [...Map.groupBy(shown, ({ group }) => group)].map(([group, own]) => [
    group,
    ...present.map((family) => {
      const values = own.filter((one) => one.family === family);
      const mean = macroInterval(
        values.map(({ trace, overloadedPct }) => ({ trace, family, value: overloadedPct })),
      )?.mean;
      return mean === undefined ? '–' : digits(mean);
    }),
  ]);
  const traces = (family: string) =>
    new Set(shown.filter((one) => one.family === family).map(({ trace }) => trace)).size;
  return tableOf(
    [
      'scaler',
      ...present.map((family) => `${family} (${traces(family) === 1 ? '1 trace' : `${traces(family)} traces`})`),
    ],
    rows,
    [0],
  );
}

function method({ sizes, settings, seeds, results }: Measurement): readonly string[] {
  return [
    '## Method',
    '',
    `- **Loads.** The last 14 days of each trace (of a short one what is left after a week), sized so that its 95th percentile needs ${sizes.join(', ')}`,
    `  tasks: ${byLoad(results).size} loads. Only \`aws-predictive\` learns, and is given the week before them.`,
    `- **Scalers.** Each is played at ${settings.map(percent).join(', ')}: how busy a task is meant to be. Ours are three policies, the same for every trace,`,
    '  with the defaults of the language but for the pace (`out: fast`): two thresholds with a wide gap and an emergency above; a target on the',
    '  same 60-second CPU; and that target on 20-second CPU, looked at every 20 s, with the emergency. They are in `bench/quality/contenders.ts`.',
    '- **Physics.** One ECS service on Fargate behind a load balancer, the same for everybody: start-up of 25 s (median) to 45 s (p95) and the',
    '  health check, failed launches, draining for 300 s, the one-minute minimum on the bill, metrics published 50 s (60-second ones) or 14 s',
    '  (20-second ones) late. Ours decide by the same `tick()` that runs in Lambda.',
    `- **Means.** Over ${seeds.length} seeds, then over the loads of each family of workloads, then over the families, which count alike.`,
    '',
    `\`${BOUNDS[0]}\` is sized beforehand by somebody who knows the trace, \`${BOUNDS[1]}\` knows every minute of it: bounds, not rivals.`,
  ];
}

const NOT_SHOWN: readonly string[] = [
  '## What it does not show',
  '',
  '- Models are not the products. Where a documentation is silent, `peers.md` says what was assumed.',
  '- `kubernetes-hpa`, `keda`, `knative-kpa` and Nomad see their tasks directly and within seconds. On ECS nobody does; what they win by that is',
  '  won by the metric path, not by the decision. `keda` and `knative-kpa` scale on requests, the others on CPU.',
  '- CPU follows the load here, as it does for work that is bound by CPU. Where it does not, it is the wrong signal for all of them.',
  '- There are few traces of some families; the brackets are wide for a reason, and where a family has one trace they do not know how wide.',
  '- Overload is counted in requests above capacity, not in money lost by it. A scaler that never overloads may still be the wrong price.',
  '- No setting of any scaler was tuned to a trace, ours neither. Your own history is a better judge: `schmitt backtest`.',
];
