/** A change is announced before it is sent, and whoever finds an announcement waits until it is certain what became of it. */
import { changesOf, commitsOf, type Invariant, nameOf, sendsOf } from './invariant.ts';

export const everySendIsAnnounced: Invariant = (run) => {
  const announced = new Set(changesOf(run).map(({ sent }) => sent));
  return sendsOf(run)
    .filter((one) => !announced.has(one))
    .map(({ actor, count }) => `${actor.name} sends ${count} without a word in the store`);
};

export const nothingIsSentAfterSendBy: Invariant = (run) =>
  changesOf(run).flatMap(({ sent, intent }) =>
    sent.clock <= intent.sendBy ? [] : [`${sent.actor.name} sends ${sent.clock - intent.sendBy} ms after sendBy`],
  );

export const openIntentsAreLeftAlone: Invariant = (run) =>
  commitsOf(run).flatMap((one, index, all) => {
    const below = all.slice(0, index).findLast(({ arn }) => arn === one.arn);
    const intent = below?.value.intent;
    if (below === undefined || intent === undefined || below.actor === one.actor) return [];
    // The call's time limit, and the skew between two clocks.
    const waited = one.clock - intent.sendBy;
    return waited >= 3_000 + 10_000
      ? []
      : [`${nameOf(one.actor)} writes over the open intent of ${nameOf(below.actor)} ${waited} ms after its sendBy`];
  });

/** By the revs: whoever writes has read, or written, what lay there. */
export const nobodyWritesOverTheUnread: Invariant = (run) => {
  const { events } = run.world;
  return commitsOf(run).flatMap((one, index, all) => {
    const below = all.slice(0, index).findLast(({ arn }) => arn === one.arn);
    if (below === undefined || below.actor === one.actor) return [];
    const read = events.findLast((event) => event.kind === 'loaded' && event.actor === one.actor && event.at <= one.at);
    const isRead = read !== undefined && events.indexOf(read) > events.indexOf(below);
    return isRead ? [] : [`${nameOf(one.actor)} writes over what ${nameOf(below.actor)} wrote, unread`];
  });
};

export const noTwoCallsAreInFlight: Invariant = (run) => {
  const sends = sendsOf(run);
  return sends.flatMap((one, index) =>
    sends
      .slice(0, index)
      .filter((other) => other.arn === one.arn && (other.landedAt ?? 0) > one.at)
      .map(
        (other) =>
          `${nameOf(one.actor)} sends ${one.count} while ${other.count} of ${nameOf(other.actor)} is under way`,
      ),
  );
};
