/** What the commands that play over a load are asked for; `simulate` and `tune` share it. */
import { type Command, Option } from 'commander';
import type { LaunchType, PlantKind } from '../../sim/plant.ts';
import type { Slo } from '../../sim/scoring/slo.ts';
import type { StartClass } from '../../sim/starting.ts';
import { WORKLOADS } from '../../sim/workloads.ts';
import { list, numberUpTo, slo, span, wholeNumber } from '../arguments.ts';

/** Which load, and how large. */
export interface LoadOptions {
  readonly trace?: readonly string[];
  readonly workload?: readonly string[];
  readonly days?: number;
  /** As the trace reader spells it. */
  readonly last?: string;
  readonly series?: string;
  readonly splice: boolean;
  readonly tasksAtP95: number;
  readonly scale?: number;
  readonly warp?: number;
  readonly noise?: number;
}

/** Which service it meets. */
export interface ServiceOptions {
  readonly kind?: PlantKind;
  readonly startClass: StartClass;
  readonly launchType: LaunchType;
  readonly capacityPerTask?: number;
  readonly slo?: Slo;
  /** Seconds. */
  readonly deployEvery?: number;
}

export interface RunOptions extends LoadOptions, ServiceOptions {
  readonly service?: string;
  readonly seeds: number;
  readonly seed: number;
  /** Seconds. */
  readonly warmUp?: number;
  readonly threads?: number;
  readonly json: boolean;
  readonly html?: string;
}

/** What ECS allows a service. */
const MOST_TASKS = 5_000;
const LARGEST_SEED = 2 ** 31;
const MOST_DAYS = 366;

export function addRunOptions(command: Command): Command {
  return addServiceOptions(addLoadOptions(command))
    .option('--service <name>', 'cluster/service of the policy, where it has several')
    .option('--seeds <number>', 'runs of each, with intervals', wholeNumber(1, 100), 1)
    .option('--seed <number>', 'the first of them', wholeNumber(0, LARGEST_SEED), 1)
    .option('--warm-up <span>', 'do not score the beginning: learning scalers need a week', span)
    .option('--threads <number>', 'default: one for each core', wholeNumber(1, 64))
    .option('--json', 'one JSON value on standard output and nothing else', false)
    .option('--html <file>', 'write the report as one page');
}

function addLoadOptions(command: Command): Command {
  return command
    .option('--trace <files...>', 'CSV with a header timestamp_s,value, GetMetricData JSON or query_range JSON')
    .option('--workload <names>', `without a trace: ${[...WORKLOADS.keys()].join(', ')} (default: day)`, list)
    .option('--days <number>', 'of a workload (default: 7)', wholeNumber(1, MOST_DAYS))
    .option('--last <span>', 'only the end of each trace: 90m, 12h, 3d')
    .option('--series <name>', 'of a JSON file that holds several')
    .option('--splice', 'all traces as one, end to end', false)
    .option('--tasks-at-p95 <tasks>', "tasks the load's 95th percentile keeps at 60 %", numberUpTo(MOST_TASKS), 20)
    .option('--scale <factor>', 'then so many times as much', numberUpTo(1000))
    .option('--warp <factor>', 'run through so many times as fast', numberUpTo(1000))
    .option('--noise <sigma>', 'times a noise, new each minute', numberUpTo(2));
}

function addServiceOptions(command: Command): Command {
  const kinds = new Option('--kind <kind>', 'of work; default: as the signals of the policy say');
  const classes = new Option('--start-class <class>', 'how long tasks take to start').default('fast');
  const types = new Option('--launch-type <type>', 'where tasks run; on EC2 they may burst').default('FARGATE');
  return command
    .addOption(kinds.choices(['cpu', 'io', 'queue']))
    .addOption(classes.choices(['fast', 'medium', 'heavy']))
    .addOption(types.choices(['FARGATE', 'EC2']))
    .option('--capacity-per-task <number>', 'requests (or jobs) a second at 100 %', numberUpTo(1e6))
    .option('--slo <limit>', 'when a request is late: wait=200ms or utilisation=80%', slo)
    .option('--deploy-every <span>', 'a rolling deployment again and again', span);
}
