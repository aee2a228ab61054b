/** A floor that some max does not allow while both hold: the max wins, so the floor is not what it says. */

import { durationWords } from '../duration.ts';
import type { ScheduledBounds } from '../policy.ts';
import { comparedFrom, firstOverlap, leadOf, momentText } from './overlap.ts';
import type { Finding, LintRule, Subject } from './warning.ts';

export const floorAboveCeiling: LintRule = {
  name: 'floor-above-ceiling',
  find: (subject) => [
    ...subject.policy.schedule.flatMap((window, index) => alone(subject, window, index)),
    ...subject.policy.schedule.flatMap((window, index) => againstOthers(subject, window, index)),
    ...blindFindings(subject),
  ],
};

/** A window against the capacity that holds where it says nothing. */
function alone({ policy: { capacity } }: Subject, window: ScheduledBounds, index: number): readonly Finding[] {
  const { name, min, max, desired } = window;
  const ceiling = max ?? capacity.max;
  const by = max === undefined ? 'capacity.max' : 'its max';
  const findings: Finding[] = [];
  const add = (bound: string, sentence: string) => findings.push({ path: ['schedule', index, bound], sentence });
  if (min !== undefined && min > ceiling)
    add('min', `min ${min} of '${name}' is above ${by} ${ceiling}, and the max wins; write a max of ${min} or more`);
  else if (max !== undefined && (min ?? capacity.min) > max)
    add(
      'max',
      `max ${max} of '${name}' is below capacity.min ${capacity.min}, and the max wins; write min: ${max} too`,
    );
  if (desired !== undefined && desired > ceiling)
    add(
      'desired',
      `desired ${desired} of '${name}' is above ${by} ${ceiling}, and the max wins; write a max of ${desired} or more`,
    );
  return findings;
}

function againstOthers(subject: Subject, floor: ScheduledBounds, index: number): readonly Finding[] {
  const { min } = floor;
  if (min === undefined) return [];
  return subject.policy.schedule.flatMap((ceiling, other): readonly Finding[] => {
    const { max } = ceiling;
    if (other === index || max === undefined || min <= max) return [];
    const from = comparedFrom(subject);
    const at = firstOverlap(floor, ceiling, from);
    const path = ['schedule', index, 'min'];
    if (at !== undefined) {
      const both = `'${floor.name}' (min ${min}) and '${ceiling.name}' (max ${max}) are both open at ${momentText(at, floor.timezone)}`;
      return [{ path, sentence: `${both}, and the max wins; let one end before the other, or raise max to ${min}` }];
    }
    const lead = leadOf(subject);
    const early = firstOverlap(floor, ceiling, from, [lead, 0]);
    if (early === undefined) return [];
    const until = `'${ceiling.name}' (max ${max}) holds until '${floor.name}' (min ${min}) begins, so that floor is not ready by its time`;
    return [{ path, sentence: `${until}; end '${ceiling.name}' ${durationWords(lead)} earlier` }];
  });
}

function blindFindings({ policy: { capacity, guard } }: Subject): readonly Finding[] {
  return guard.whenBlindFor
    .filter(({ atLeastTasks }) => atLeastTasks > capacity.max)
    .map(({ atLeastTasks }) => ({
      path: ['guard', 'whenBlindFor'],
      sentence: `atLeast ${atLeastTasks} is above capacity.max ${capacity.max}, and the max wins; lower it, or raise max`,
    }));
}
