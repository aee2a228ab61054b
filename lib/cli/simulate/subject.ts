/** The service that a policy is played on: what of it the policy itself tells. */
import { BadInput } from '../../policy/bad-input.ts';
import type { PerTaskTarget, ServicePolicy, SignalSpec } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import { createPlant, type PlantKind } from '../../sim/plant.ts';
import { isPlayed } from '../../sim/plant-signals.ts';
import type { Scenario } from '../../sim/play/scenario.ts';
import type { Plant } from '../../sim/types.ts';
import type { PolicyPlayed } from '../policy-file.ts';
import type { ServiceOptions } from './options.ts';

export interface Subject {
  readonly kind: PlantKind;
  /** Requests (or jobs) per second one task serves at 100 %. */
  readonly capacityPerTask: number;
  /** Of a queue worker, by the name the policy has for it. */
  readonly queue?: string;
}

const DEFAULT_CAPACITY = 100;
/** How busy a task is meant to be at the load a policy plans for it. */
const PLANNED_UTILISATION = 0.6;

export function subjectOf(policy: ServicePolicy, options: Pick<ServiceOptions, 'kind' | 'capacityPerTask'>): Subject {
  const sources = Object.values(policy.signals).map(({ source }) => source);
  const queues = [...new Set(sources.flatMap((source) => (source.kind === 'sqs' ? [source.queue] : [])))];
  const isQueue = queues.length > 0 && !sources.some(({ kind }) => kind === 'alb' || kind === 'share');
  const [queue] = queues;
  return {
    kind: options.kind ?? (isQueue ? 'queue' : 'cpu'),
    capacityPerTask: options.capacityPerTask ?? plannedCapacity(policy) ?? DEFAULT_CAPACITY,
    ...(queue === undefined ? {} : { queue }),
  };
}

/** What the policy's own target says of a task; undefined where it says nothing of rates. */
function plannedCapacity({ targets, signals }: ServicePolicy): number | undefined {
  for (const target of targets) {
    if (target.kind === 'backlog') return target.parallelPerTask / target.secondsPerMessage;
    const perSecond = ratePerSecond(target, signals[target.signal]);
    if (perSecond !== undefined) return perSecond / PLANNED_UTILISATION;
  }
  return undefined;
}

function ratePerSecond({ perTask }: PerTaskTarget, spec: SignalSpec | undefined): number | undefined {
  if (spec?.source.kind !== 'alb' || !spec.source.metric.startsWith('RequestCount')) return undefined;
  // The signal is a count of its period times `scale`.
  return perTask / (spec.scale * spec.periodSeconds);
}

/**
 * Throws `BadInput` for a policy that needs a signal which this service never sends: it would hold for ever. One that says what the
 * signal's absence means may go without.
 */
export function refuseUnplayed({ file, policy }: PolicyPlayed, { plant: options }: Scenario): void {
  const plant = createPlant({ ...options, seed: 1 });
  const unplayed = Object.entries(policy.signals).find(([, spec]) => !isAnswered(spec, policy, plant));
  if (unplayed === undefined) return;
  throw new BadInput(
    `${file}, service ${nameText(policy)}, field signals.${unplayed[0]}: a simulated service of kind ${options.kind} has no such ` +
      `signal; it has ${offered(plant)}; take it out of the policy, choose another --kind, or say with whenMissing what its absence means.`,
  );
}

function isAnswered(spec: SignalSpec | undefined, policy: ServicePolicy, plant: Plant, depth = 0): boolean {
  if (spec === undefined || depth > Object.keys(policy.signals).length) return false;
  if (isPlayed(spec.source, plant) || spec.whenMissing.kind === 'zero') return true;
  return (
    spec.whenMissing.kind === 'use' && isAnswered(policy.signals[spec.whenMissing.signal], policy, plant, depth + 1)
  );
}

function offered(plant: Plant): string {
  const metrics = plant.metrics().map(({ namespace, name }) => `${namespace} ${name}`);
  const { queue } = plant.view();
  return [...new Set(metrics), ...(queue === undefined ? [] : [`the queue ${queue.name}`])].join(', ');
}
