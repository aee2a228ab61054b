/** Headroom in the sentence that everybody reads. */
import type { Damping, HeadroomDoubt } from '../decision.ts';
import { durationWords } from '../duration.ts';
import { poolWords } from './findings.ts';

export function headroomClause(
  reason: Extract<Damping, { kind: 'headroom' | 'headroomUnknown' | 'otherScaling' }>,
): string {
  switch (reason.kind) {
    case 'headroom': {
      const { room, from, pool } = reason;
      const left = room === 0 ? 'no more tasks' : `${room} more ${room === 1 ? 'task' : 'tasks'}`;
      return `${poolWords(pool)} ${pool.kind === 'subnets' || pool.kind === 'instances' ? 'leave' : 'leaves'} room for ${left} (asked ${from})`;
    }
    case 'headroomUnknown':
      return doubtClause(reason.why, reason.from !== reason.to);
    case 'otherScaling':
      return `Application Auto Scaling may scale it in (${reason.by.join(', ')}), so nothing is done: run schmitt takeover ${reason.service}`;
  }
}

function doubtClause(why: HeadroomDoubt, isHeld: boolean): string {
  switch (why.kind) {
    case 'stale':
      return `headroom last checked ${durationWords(why.ageSeconds)} ago, not believed`;
    case 'unreadable':
      return `headroom not known: ${why.cause}`;
    case 'unchecked':
      return isHeld
        ? 'no scale-in before the first hourly check of this service'
        : 'headroom of this service not checked yet';
  }
}
