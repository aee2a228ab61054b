/** `docs/chaos.md`: what must hold of every run, and the mistakes that show that each promise bites. */
import type { Hunted } from './hunt.ts';
import { INVARIANTS, type InvariantName } from './invariants/index.ts';

const PROMISES: Readonly<Record<InvariantName, string>> = {
  oneHolderPerFence: 'a fence is given once and only grows',
  oneHolderAtATime: 'nobody gets the lease while another still believes to hold it, by its own clock',
  aCrashCostsAtMostAMinute: 'nobody waits longer than a minute for one that is gone',
  nothingRunsPastTheHandler: 'a handler that ends has no call under way',
  noCallOutlivesTheLease: 'no change is sent that could end after its lease',
  noEventIsLost: 'who forgets an event has looked at its service after it heard of it',
  everySendIsAnnounced: 'every change stands in the store before it is sent',
  nothingIsSentAfterSendBy: 'what is announced is sent in time or not at all',
  openIntentsAreLeftAlone: 'nobody touches an announcement of another until its call has ended',
  noTwoCallsAreInFlight: 'two changes of a service are never on their way at once',
  nobodyWritesOverTheUnread: 'whoever writes a state has read what lay there',
  withinBounds: 'every count is within the bounds; a lowered max is approached through the limits of scale-in',
  asDecidedOnTheCommittedState: '`decide()` on the last committed state would send the same count',
  itLooksRightBefore: 'ECS was asked within seconds before each change',
  oneEvidenceActsOnce: 'a rule acts once on a period',
  oneBurstIsAnsweredOnce: 'a rule’s second step needs a period that began when the tasks of its first were there',
  noScaleInOnUnknown: 'nothing is given back by who does not know what it needs to know',
  ourWritesAreNotForeign: 'our own change is never taken for somebody else’s',
  itComesToRest:
    'under a constant load and without faults the count gets where the policy says, in the ticks that its limits imply',
};

export function pageOf(hunted: readonly Hunted[]): string {
  const invariants = (Object.keys(INVARIANTS) as InvariantName[]).map((name) => `| \`${name}\` | ${PROMISES[name]} |`);
  const mutants = hunted.map(
    ({ mutant, runs, death }) =>
      `| ${mutant.name} | ${mutant.does} | \`${mutant.diesOf}\` | ${death === undefined ? `lives after ${runs}` : death.inRun} |`,
  );
  return [
    '# Chaos',
    '',
    'A deterministic scheduler drives up to three scalers, the store and the plant through generated interleavings: a crash before and after',
    'every call, duplicate and late ticks, answers that are lost, calls that are late, frozen processes, clocks wrong by 5 s, throttles, faults,',
    'partial answers, stale descriptions, people who edit counts, capacities and overrides, and deployments that start in the middle. The tick,',
    'the policy engine and the stores in memory are the real ones; time, the wire and ECS are not.',
    '',
    '`npm run chaos` makes 100,000 runs on two threads and prints its seed; `-- --runs N --seed S` makes others. A run that fails is printed,',
    'made small. `npm test` makes 2,000.',
    '',
    '## What must hold of every run',
    '',
    ...['| invariant | says |', '|---|---|', ...invariants],
    '',
    '## Mistakes that are found out',
    '',
    'Each is the smallest that breaks one promise, worn by all scalers of a run. `npm run chaos -- --mutants` shows the run in which each dies;',
    `with \`--page docs/chaos.md\` it writes this page. Runs are those of seed ${hunted[0]?.seed ?? 1}.`,
    '',
    ...['| mistake | what it does | dies of | in run |', '|---|---|---|---|', ...mutants],
    '',
  ].join('\n');
}
