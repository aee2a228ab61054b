/** All peers by name, each set up as its users would for a kind of work, with one number to turn: how busy a task is meant to be. */
import type { PlantKind } from '../plant.ts';
import type { Load } from '../types.ts';
import { createPredictive } from './aws/predictive.ts';
import type { AwsSignal } from './aws/signal.ts';
import { createStepScaling, documentedSteps } from './aws/step-scaling.ts';
import { createTargetTracking } from './aws/target-tracking.ts';
import { createFixedFleet } from './fixed-fleet.ts';
import { createKeda } from './keda/keda.ts';
import { createKpa } from './knative/kpa.ts';
import { createHpa } from './kubernetes/hpa.ts';
import type { NomadSignal } from './nomad/evaluator.ts';
import { createNomadTargetValue } from './nomad/target-value.ts';
import { createNomadThreshold, thresholdsAround } from './nomad/threshold.ts';
import type { Peer, PeerView } from './peer.ts';

export interface PeerSetting {
  readonly kind: PlantKind;
  /** Requests (or jobs) per second one task serves at 100 %. */
  readonly capacityPerTask: number;
  /** The share of its capacity a task is meant to work at, in (0, 1]. For a queue: the share of a minute's work that may wait for it. */
  readonly utilisation: number;
  /** Only the fixed fleet looks at it. */
  readonly load: Load;
}

export interface PeerEntry {
  readonly name: PeerName;
  /** The ECS metrics it needs of the plant. */
  readonly metricPeriodSeconds: 60 | 20;
  /** Kinds of work for which its users have a signal that follows the load. */
  readonly kinds: readonly PlantKind[];
  create(setting: PeerSetting): Peer;
}

export type PeerName =
  | 'aws-target-tracking'
  | 'aws-target-tracking-20s'
  | 'aws-step-scaling'
  | 'aws-predictive'
  | 'kubernetes-hpa'
  | 'keda'
  | 'knative-kpa'
  | 'nomad-target-value'
  | 'nomad-threshold'
  | 'fixed-p99';

const ALL: readonly PlantKind[] = ['cpu', 'io', 'queue'];
const WEB: readonly PlantKind[] = ['cpu', 'io'];
/** The example's steps lie 10 and 20 above and below a target of 50. */
const BAND = 0.2;
const QUEUE_SECONDS = 60;

export const PEERS: readonly PeerEntry[] = [
  entry('aws-target-tracking', ALL, (setting) => createTargetTracking(awsTarget(setting))),
  {
    ...entry('aws-target-tracking-20s', ['cpu'], (setting) =>
      createTargetTracking({ ...awsTarget(setting), periodSeconds: 20 }),
    ),
    metricPeriodSeconds: 20,
  },
  entry('aws-step-scaling', ALL, (setting) => {
    const { signal, target } = awsTarget(setting);
    return createStepScaling({ signal, ...documentedSteps(target, BAND * target) });
  }),
  entry('aws-predictive', WEB, (setting) => createPredictive(awsTarget(setting))),
  entry('kubernetes-hpa', ALL, (setting) => createHpa({ metrics: [hpaMetric(setting)] })),
  entry('keda', ALL, ({ kind, capacityPerTask, utilisation }) => {
    const perSecond = capacityPerTask * utilisation;
    return createKeda({
      trigger:
        kind === 'queue'
          ? { kind: 'queue', perReplica: perSecond * QUEUE_SECONDS }
          : { kind: 'rate', perReplica: perSecond },
    });
  }),
  entry('knative-kpa', WEB, ({ capacityPerTask, utilisation }) => createKpa({ target: capacityPerTask * utilisation })),
  entry('nomad-target-value', ALL, (setting) => createNomadTargetValue(nomadTarget(setting))),
  entry('nomad-threshold', ALL, (setting) => {
    const { signal, target } = nomadTarget(setting);
    return createNomadThreshold({ signal, checks: thresholdsAround(target, BAND * target, 20) });
  }),
  entry('fixed-p99', ALL, ({ load, capacityPerTask, utilisation }) =>
    createFixedFleet({ load, capacityPerTask, utilisation }),
  ),
];

/** The peer of a name; undefined where there is none. */
export function peerNamed(name: string): PeerEntry | undefined {
  return PEERS.find((peer) => peer.name === name);
}

function entry(name: PeerName, kinds: readonly PlantKind[], create: (setting: PeerSetting) => Peer): PeerEntry {
  return { name, metricPeriodSeconds: 60, kinds, create };
}

/** In the signal's own unit: CPU in percent, requests per minute as AWS counts them, messages per running task. */
function awsTarget({ kind, capacityPerTask, utilisation }: PeerSetting): { signal: AwsSignal; target: number } {
  const perMinute = capacityPerTask * utilisation * 60;
  if (kind === 'cpu') return { signal: 'cpu', target: 100 * utilisation };
  return { signal: kind === 'io' ? 'requestsPerTask' : 'backlogPerTask', target: perMinute };
}

function hpaMetric({ kind, capacityPerTask, utilisation }: PeerSetting) {
  const perSecond = capacityPerTask * utilisation;
  if (kind === 'cpu') return { kind: 'cpu', targetPercent: Math.round(100 * utilisation) } as const;
  if (kind === 'io') return { kind: 'ratePerPod', target: perSecond } as const;
  return {
    kind: 'external',
    perReplica: perSecond * QUEUE_SECONDS,
    total: ({ service }: PeerView) => service.queue?.visible,
  } as const;
}

function nomadTarget({ kind, capacityPerTask, utilisation }: PeerSetting): { signal: NomadSignal; target: number } {
  const perSecond = capacityPerTask * utilisation;
  if (kind === 'cpu') return { signal: 'cpu', target: 100 * utilisation };
  return kind === 'io'
    ? { signal: 'ratePerTask', target: perSecond }
    : { signal: 'backlogPerTask', target: perSecond * QUEUE_SECONDS };
}
