/** Plays one contender through one scenario, from its first minute to its scores. */
import type { LedgerEntry } from '../../loop/ports.ts';
import type { EpochMs, ServicePolicy } from '../../policy/policy.ts';
import { type PeerName, peerNamed } from '../peers/catalogue.ts';
import { drive } from '../peers/drive.ts';
import type { Capacity } from '../peers/peer.ts';
import { createPlant } from '../plant.ts';
import type { CountChange } from '../scores.ts';
import { simulate } from '../simulate.ts';
import type { Plant } from '../types.ts';
import type { Contender, PeerContender, PolicyContender } from './contender.ts';
import { oracleRun } from './oracle-run.ts';
import { type PictureTaken, Recorder, type RunScores } from './recorder.ts';
import type { Scenario } from './scenario.ts';

export interface PlayOptions {
  /** Of all chance in the plant. */
  readonly seed: number;
  /** At most so many points of each line; absent: no picture is taken. */
  readonly picturePoints?: number;
  /** Told from time to time how far it has come, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

export interface Run {
  readonly name: string;
  readonly scores: RunScores;
  readonly picture?: PictureTaken;
}

export async function play(scenario: Scenario, contender: Contender, options: PlayOptions): Promise<Run> {
  const { name } = contender;
  if (contender.kind === 'oracle') return { name, ...oracleRun(scenario, contender, options.picturePoints) };
  const recorder = new Recorder(scenario, options);
  const changes =
    contender.kind === 'policy'
      ? await playPolicy(scenario, contender, options, recorder)
      : playPeer(scenario, contender, options, recorder);
  return { name, ...recorder.finish(changes) };
}

/** The ECS metrics come every 20 s where the contender asks for it, else every minute. */
function plantOf(scenario: Scenario, seed: number, metricPeriodSeconds: 60 | 20, recorder: Recorder): Plant {
  return createPlant({ ...scenario.plant, seed, metricPeriodSeconds, watcher: recorder, keepRows: false });
}

async function playPolicy(
  scenario: Scenario,
  { set }: PolicyContender,
  { seed, picturePoints }: PlayOptions,
  recorder: Recorder,
): Promise<readonly CountChange[]> {
  const [policy] = set.services;
  if (policy === undefined) throw new RangeError('a policy contender has one service');
  const plant = plantOf(scenario, seed, metricPeriodOf(policy), recorder);
  const due = [...scenario.deployments];
  const { changes } = await simulate({
    policies: set,
    plant,
    endsAt: scenario.plant.load.endsAt,
    tickSeconds: policy.cadenceSeconds,
    ...(picturePoints === undefined ? {} : { onNews: (entry: LedgerEntry) => recorder.note(entry) }),
    meanwhile(one) {
      while (due[0] !== undefined && due[0] <= one.now) {
        due.shift();
        one.deploy();
      }
    },
  });
  return changes;
}

function playPeer(
  scenario: Scenario,
  { peer: name, utilisation }: PeerContender,
  { seed }: PlayOptions,
  recorder: Recorder,
): readonly CountChange[] {
  const entry = peerNamed(name);
  if (entry === undefined) throw new RangeError(`there is no peer ${name}`);
  const { load, capacityPerTask, kind = 'cpu' } = scenario.plant;
  const plant = plantOf(scenario, seed, entry.metricPeriodSeconds, recorder);
  const meanwhile = scenario.deployments.map((at: EpochMs) => ({ at, act: (one: Plant) => one.deploy() }));
  const peer = entry.create({ kind, capacityPerTask, utilisation, load });
  return drive({ peer, plant, load, capacity: capacityFor(name, scenario.capacity), kind, meanwhile }).changes;
}

/** Who wakes a service that has no task; the others would leave it asleep for ever, so their users keep one. */
const WAKES: ReadonlySet<PeerName> = new Set(['keda', 'knative-kpa']);

function capacityFor(name: PeerName, { min, max }: Capacity): Capacity {
  return WAKES.has(name) ? { min, max } : { min: Math.max(1, min), max };
}

/** AWS publishes ECS metrics every 20 s only where somebody asked for it. */
export function metricPeriodOf({ signals }: ServicePolicy): 60 | 20 {
  const isFine = Object.values(signals).some(
    ({ source, periodSeconds }) => source.kind === 'ecs' && periodSeconds < 60,
  );
  return isFine ? 20 : 60;
}
