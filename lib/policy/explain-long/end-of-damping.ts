/** When what stopped a wish ends: a time, an event outside, or only another policy. */
import type { Damping } from '../decision.ts';
import { durationWords } from '../duration.ts';
import { poolWords } from '../headroom/findings.ts';
import type { Nearest } from './nearest.ts';

/** All of them must end; they are named together, and the hardest one says of what kind the answer is. */
export function endOf(stopped: readonly Damping[]): Nearest {
  const ends = stopped.map(endOfOne);
  const kinds = ['policy', 'event', 'time'] as const;
  const kind = kinds.find((one) => ends.some((end) => end.kind === one)) ?? 'event';
  return { kind, sentence: [...new Set(ends.map(({ sentence }) => sentence))].join(' and ') };
}

function endOfOne(damping: Damping): Nearest {
  switch (damping.kind) {
    case 'cooldown':
      return time(`in ${durationWords(damping.secondsLeft)}, when the cooldown ends`);
    case 'stabilized':
      return damping.secondsLeft === null
        ? time(`when ${durationWords(damping.windowSeconds)} have passed with this wish`)
        : time(
            `in ${durationWords(damping.secondsLeft)}, when all of the last ${durationWords(damping.windowSeconds)} ask for it`,
          );
    case 'stepLimit':
      return time(`within ${durationWords(damping.periodSeconds)}, when the step limit allows more`);
    case 'freeze':
      return time(`at ${instant(damping.endsAt)}, when ${damping.name} ends`);
    case 'override':
      return time(`at ${instant(damping.expiresAt)}, when the ${damping.set} of ${damping.owner} ends`);
    case 'foreignStands':
      return damping.until === null
        ? event('somebody who raises the count above 0')
        : time(`at ${instant(damping.until)}, when the foreign count stands no longer`);
    case 'guard':
      return event(endOfGuard(damping));
    case 'coming':
      return damping.coming > 0
        ? event(`a larger wish than ${damping.to}, or new numbers once the ${damping.coming} starting are in service`)
        : event(`a larger wish than ${damping.to}`);
    case 'needed':
      return event(`less demand of ${damping.target}, which still needs ${damping.to}`);
    case 'unplaceable':
      return event(`the ${damping.missing} missing in service`);
    case 'bound':
      return policy(`a ${damping.bound} ${damping.bound === 'max' ? 'above' : 'below'} ${damping.to} (${damping.by})`);
    case 'deployment':
      return event(damping.why.kind === 'failing' ? 'a deployment that succeeds' : 'the end of the deployment');
    case 'breaker':
      return damping.standing === 'halfOpen'
        ? event('the end of the change that is tried')
        : time(`in ${durationWords(damping.secondsLeft)}, when the breaker lets one change through`);
    case 'group':
      return event(`room for more than ${damping.to} in group ${damping.name}`);
    case 'headroom':
      return event(`room for more than ${damping.room} more tasks: ${poolWords(damping.pool)}`);
    case 'headroomUnknown':
      return event('the next hourly check');
    case 'otherScaling':
      return event(`schmitt takeover ${damping.service}`);
    case 'schedule':
    case 'blind':
      return event(`another count than ${damping.to}`);
  }
}

function endOfGuard({ guard, detail }: Extract<Damping, { kind: 'guard' }>): string {
  switch (guard) {
    case 'deployment':
      return 'the end of the deployment';
    case 'unhealthy':
      return 'all tasks healthy';
    case 'unsteady':
      return 'all tasks in service and none pending';
    case 'unknown':
      return `a datapoint (${detail})`;
    case 'implausible':
      return `a second signal that falls as well, or one above 0 (${detail})`;
    case 'condition':
      return detail.endsWith(' is unknown') ? `a datapoint (${detail})` : `an end of ${detail}`;
  }
}

const time = (sentence: string): Nearest => ({ kind: 'time', sentence });
const event = (sentence: string): Nearest => ({ kind: 'event', sentence });
const policy = (sentence: string): Nearest => ({ kind: 'policy', sentence });

function instant(at: number): string {
  return new Date(at).toISOString().replace('.000', '');
}
