/** Evidence acts once, ignorance never lowers, and our own writes are known for ours. */
import type { Reading } from '../../../lib/policy/observation.ts';
import type { EpochMs, ServicePolicy } from '../../../lib/policy/policy.ts';
import { startSecondsOf } from '../../../lib/policy/start-time.ts';
import type { Run } from '../scheduler.ts';
import type { Actor, Heard } from '../world.ts';
import { policyHeard } from './change.ts';
import { type Change, changesOf, commitsOf, type Invariant, nameOf } from './invariant.ts';

/** A change that ECS took, by a rule: targets compute their count from the load itself and have no evidence to spend. */
interface Step extends Change {
  readonly rule: string;
  /** End of the newest period that spoke for it. */
  readonly evidenceAt: EpochMs;
}

function stepsOf(run: Run): readonly Step[] {
  return changesOf(run).flatMap((change) => {
    const { actedOn, lastChange } = change.intent.after;
    const rule = lastChange?.rule;
    const evidenceAt = rule === undefined ? undefined : actedOn[rule];
    if (rule === undefined || evidenceAt === undefined || change.sent.landedAt === undefined) return [];
    return [{ ...change, rule, evidenceAt }];
  });
}

/** But for a change whose end nobody saw and which somebody else put back before anybody looked: it looks as if it had never been. */
export const oneEvidenceActsOnce: Invariant = (run) => {
  const steps = stepsOf(run);
  return steps.flatMap((one, index) =>
    steps
      .slice(0, index)
      .filter(
        ({ sent, rule, evidenceAt }) => sent.arn === one.sent.arn && rule === one.rule && evidenceAt === one.evidenceAt,
      )
      .filter((other) => !wasPutBack(run, other, one))
      .map(
        (other) =>
          `${one.rule} of ${timeOf(one.evidenceAt)} acts for ${nameOf(other.sent.actor)} and ${nameOf(one.sent.actor)}`,
      ),
  );
};

function wasPutBack({ world }: Run, { sent, intent }: Step, later: Step): boolean {
  const counts = world.plants.get(sent.arn)?.counts() ?? [];
  const landedAt = sent.landedAt ?? 0;
  return counts.some(
    ({ by, at, desired }) => by === 'them' && desired === intent.from && at >= landedAt && at <= later.sent.at,
  );
}

/** A rule's next step needs a period that began when the tasks of its last one were there, or should have been. */
export const oneBurstIsAnsweredOnce: Invariant = (run) => {
  const changes = changesOf(run);
  const steps = stepsOf(run);
  return steps.flatMap((one) => {
    const { sent, intent, evidenceAt, rule } = one;
    const last = changes
      .slice(
        0,
        changes.findIndex((change) => change.sent === sent),
      )
      .findLast((c) => c.sent.arn === sent.arn);
    const first = steps.find((step) => step.sent === last?.sent);
    if (first === undefined || first.rule !== rule || first.intent.to <= first.intent.from || intent.to <= intent.from)
      return [];
    if (somebodySetACount(run, first, one)) return [];
    const began = evidenceAt - 60_000;
    const p95Ms = startSecondsOf(one.before?.value.core.startSeconds ?? []).p95 * 1000;
    const readyAt = Math.min(inServiceAt(run, first), first.intent.at + p95Ms);
    return began >= readyAt - MOST_SKEW_MS - slowestLook(run, first, one)
      ? []
      : [`${rule} acts again on the period of ${timeOf(began)}, its tasks are there at ${timeOf(readyAt)}`];
  });
};

const MOST_SKEW_MS = 10_000;

/** What a tick sees counts for the moment it decides for, which may be a little earlier. */
function slowestLook({ world }: Run, first: Step, second: Step): number {
  const looks = world.events.filter(({ kind, at }) => kind === 'looked' && at >= first.sent.at && at <= second.sent.at);
  return Math.max(0, ...looks.map(({ at, actor }) => at + actor.skewMs - (actor.heard.now ?? at + actor.skewMs)));
}

/** Or was in shadow meanwhile, which is a world of its own. */
function somebodySetACount({ world }: Run, first: Step, second: Step): boolean {
  if (world.overrides.some(({ set }) => set.kind === 'mode')) return true;
  const counts = world.plants.get(first.sent.arn)?.counts() ?? [];
  return counts.some(({ by, at }) => by === 'them' && at >= first.sent.at - 60_000 && at <= second.sent.at);
}

function inServiceAt({ world }: Run, { sent, intent }: Step): EpochMs {
  const plant = world.plants.get(sent.arn);
  const landedAt = sent.landedAt ?? 0;
  return plant !== undefined && plant.runningAt(landedAt) < intent.to ? landedAt + plant.startMs : landedAt;
}

export const noScaleInOnUnknown: Invariant = (run) =>
  changesOf(run).flatMap(({ sent, intent }) => {
    const { actor, arn, heard } = sent;
    const policy = policyHeard(heard, arn);
    const isOrdered = (heard.overrides ?? []).some(({ set }) => set.kind === 'exact');
    if (intent.to >= intent.from || isOrdered || policy === undefined) return [];
    const unknown = Object.keys(policy.signals).filter((signal) => !isKnown(heard, arn, policy, signal));
    const blind = unknown.length === Object.keys(policy.signals).length;
    const needed = unknown.filter((signal) => needs(policy, signal) && !isLongUnknown(run, actor, arn, policy, signal));
    const said = `${nameOf(actor)} sends ${intent.from} → ${intent.to}`;
    if (blind) return [`${said}, knowing nothing`];
    return needed.length === 0 ? [] : [`${said}, not knowing ${needed.join(' and ')}`];
  });

/** By what the source answered: the newest datapoint is no older than two periods and the publication delay. */
function isKnown(heard: Heard, arn: string, { signals }: ServicePolicy, signal: string): boolean {
  const reading: Reading | undefined = heard.readings?.get(arn)?.[signal];
  const spec = signals[signal];
  if (reading?.status !== 'complete' || spec === undefined) return false;
  const ends = reading.values.map(([start]) => start + spec.periodSeconds * 1000);
  const oldest = (heard.now ?? 0) - (2 * spec.periodSeconds + spec.publicationDelaySeconds) * 1000;
  return Math.max(0, ...ends) >= oldest;
}

/** What votes out needs it. */
function needs({ scaleOut, targets }: ServicePolicy, name: string): boolean {
  return targets.some(({ signal }) => signal === name) || scaleOut.some(({ when }) => when.includes(name));
}

/** Nobody who looked within the stated time knew it. */
function isLongUnknown(run: Run, actor: Actor, arn: string, policy: ServicePolicy, signal: string): boolean {
  const since = actor.startedAt - policy.guard.unknownAbstainsAfterSeconds * 1000 + 2 * MOST_SKEW_MS;
  const earlier = run.actors.filter((one) => one.heard.readings !== undefined && one.startedAt < actor.startedAt);
  return (
    earlier.some(({ startedAt }) => startedAt <= since + 2 * MOST_SKEW_MS) &&
    earlier.every((one) => one.startedAt < since || !isKnown(one.heard, arn, policy, signal))
  );
}

/** A count that is taken for somebody else's was set by somebody else, and not long before our own last change. */
export const ourWritesAreNotForeign: Invariant = (run) =>
  commitsOf(run).flatMap((one, index, all) => {
    const change = one.value.core.lastChange;
    const below = all.slice(0, index).findLast(({ arn }) => arn === one.arn);
    if (change?.by !== 'foreign' || below?.value.core.lastChange?.at === change.at) return [];
    const counts = (run.world.plants.get(one.arn)?.counts() ?? []).filter(({ at }) => at <= one.at);
    const ours = counts.findLast(({ by }) => by === 'us')?.at ?? 0;
    // Where somebody else's change came just before ours, nobody can tell from outside which of the two stands.
    const theirs = counts.some(({ by, at }) => by === 'them' && at >= ours - 60_000);
    return theirs ? [] : [`${nameOf(one.actor)} takes ${change.from} → ${change.to} for somebody else's`];
  });

function timeOf(at: EpochMs): string {
  return new Date(at).toISOString().slice(11, 19);
}
