/** One peer against one plant over its load: the same clock for all, decisions on the peer's own grid, bounds kept. */
import type { EpochMs } from '../../policy/policy.ts';
import type { PlantKind } from '../plant.ts';
import type { CountChange } from '../scores.ts';
import type { Load, Plant, PlantMetric, PlantRow, PlantView } from '../types.ts';
import { type Capacity, clamp, type Peer, type PeerView } from './peer.ts';
import { type Look, type PodSample, podSample, TASK_TRAITS, type TaskTraits } from './pod-sample.ts';

export interface DriveOptions {
  readonly peer: Peer;
  readonly plant: Plant;
  /** The load the plant was made with: says when the run ends and where nobody knows the load. */
  readonly load: Load;
  readonly capacity: Capacity;
  /** As the plant was made. Default `cpu`. */
  readonly kind?: PlantKind;
  /** What happens to the service meanwhile, such as a deployment; before the decision of the same moment. In the order of time. */
  readonly meanwhile?: readonly { readonly at: EpochMs; act(plant: Plant): void }[];
}

export interface Driven {
  readonly rows: readonly PlantRow[];
  /** Every change of the desired count the peer made. */
  readonly changes: readonly CountChange[];
  readonly decisions: number;
}

/** Runs the load to its end. Decisions lie on the clock's grid of `everySeconds`, the first after the load's beginning. */
export function drive(options: DriveOptions): Driven {
  const { peer, plant, load, capacity } = options;
  const stepMs = peer.everySeconds * 1000;
  const observer = new Observer(plant, load, capacity, TASK_TRAITS[options.kind ?? 'cpu']);
  const pending = [...(options.meanwhile ?? [])];
  const changes: CountChange[] = [];
  let decisions = 0;
  for (let at = nextOnGrid(plant.now, stepMs); at < load.endsAt; at += stepMs) {
    intervene(pending, plant, at);
    plant.advanceTo(at);
    const wanted = peer.decide(observer.look());
    decisions++;
    if (wanted !== undefined) apply(clamp(wanted, capacity), plant, observer, changes);
  }
  intervene(pending, plant, load.endsAt);
  plant.advanceTo(load.endsAt);
  return { rows: plant.rows(), changes, decisions };
}

function nextOnGrid(now: EpochMs, stepMs: number): EpochMs {
  return (Math.floor(now / stepMs) + 1) * stepMs;
}

function intervene(pending: { at: EpochMs; act(plant: Plant): void }[], plant: Plant, until: EpochMs): void {
  while (pending[0] !== undefined && pending[0].at <= until) {
    const [next] = pending.splice(0, 1);
    if (next === undefined) return;
    plant.advanceTo(Math.max(plant.now, next.at));
    next.act(plant);
  }
}

function apply(count: number, plant: Plant, observer: Observer, changes: CountChange[]): void {
  const from = observer.desired();
  if (count === from) return;
  plant.setDesiredCount(count);
  changes.push({ at: plant.now, from, to: count });
}

/** Looks at the plant once a decision, and asks it no more than the peer does. */
class Observer implements PeerView {
  readonly capacity: Capacity;
  private readonly plant: Plant;
  private readonly load: Load;
  private readonly traits: TaskTraits;
  private seen: PlantView | undefined;
  private before: Look;
  /** The load of the stretch that begins now. */
  private known: boolean;
  sample: PodSample | null = null;

  constructor(plant: Plant, load: Load, capacity: Capacity, traits: TaskTraits) {
    this.plant = plant;
    this.load = load;
    this.capacity = capacity;
    this.traits = traits;
    this.before = { at: plant.now, totals: plant.totals(), inService: plant.view().inService };
    this.known = load.rateAt(plant.now) !== null;
  }

  get now(): EpochMs {
    return this.plant.now;
  }

  get metrics(): readonly PlantMetric[] {
    return this.plant.metrics();
  }

  get service(): PlantView {
    this.seen ??= this.plant.view();
    return this.seen;
  }

  desired(): number {
    return this.service.desired;
  }

  look(): PeerView {
    this.seen = undefined;
    const after = { at: this.plant.now, totals: this.plant.totals(), inService: this.service.inService };
    const known = this.known && this.load.rateAt(after.at - 1) !== null;
    this.sample = known ? podSample(this.before, after, this.plant.capacityPerTask, this.traits) : null;
    this.before = after;
    this.known = this.load.rateAt(after.at) !== null;
    return this;
  }
}
