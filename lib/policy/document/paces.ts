/** Cooldown, stabilization and step limits of one direction: a preset, or a preset with some of its numbers written out. */
import type { Pace } from '../policy.ts';
import { DEFAULTS } from './defaults.ts';
import type { PaceDocument } from './schema.ts';
import type { Scope } from './scope.ts';
import { percentOf, secondsOf } from './units.ts';

export function paceOf(document: PaceDocument | undefined, direction: 'out' | 'in', scope: Scope): Pace {
  const presets = DEFAULTS.pace[direction];
  if (document === undefined) return presets[DEFAULTS.pace.preset];
  if (typeof document === 'string') return presets[document];
  const preset = presets[document.preset ?? DEFAULTS.pace.preset];
  return {
    cooldown: cooldownOf(document.cooldown, preset, scope),
    stabilizationSeconds:
      document.stabilization === undefined
        ? preset.stabilizationSeconds
        : secondsOf(document.stabilization, scope, ['stabilization']),
    upTo: limitOf(document, direction, preset, scope),
  };
}

function cooldownOf(text: string | undefined, preset: Pace, scope: Scope): Pace['cooldown'] {
  if (text === undefined) return preset.cooldown;
  return text === 'verified'
    ? { kind: 'verified' }
    : { kind: 'seconds', seconds: secondsOf(text, scope, ['cooldown']) };
}

type WrittenOut = Exclude<PaceDocument, string>;

function limitOf(document: WrittenOut, direction: 'out' | 'in', preset: Pace, scope: Scope): Pace['upTo'] {
  const size = document.upTo === undefined ? preset.upTo : sizeOf([document.upTo].flat(), scope);
  const pick = document.pick ?? preset.upTo.pick;
  if (size.percent === 0 && size.tasks === 0) scope.say(['upTo'], 'permits no change at all; write 1 task or more');
  else if (pick === 'smaller' && (size.percent === 0 || size.tasks === 0))
    scope.say(['pick'], 'is smaller, which needs both percent and tasks in upTo; write both');
  if (direction === 'in' && size.percent > 100)
    scope.say(['upTo'], `is ${size.percent}%, more than there is to take away; write 100% or less`);
  const periodSeconds =
    document.per === undefined ? preset.upTo.periodSeconds : secondsOf(document.per, scope, ['per'], 1);
  return { percent: size.percent, tasks: size.tasks, pick, periodSeconds };
}

/** What is not named permits nothing by itself; the larger of the two counts. */
function sizeOf(limits: readonly string[], scope: Scope): { percent: number; tasks: number } {
  const percents = limits.filter((limit) => limit.endsWith('%'));
  const tasks = limits.filter((limit) => !limit.endsWith('%'));
  if (percents.length > 1 || tasks.length > 1)
    scope.say(['upTo'], 'has two limits of one kind; keep one, as in [100%, 4 tasks]');
  return { percent: percentOf(percents[0] ?? '0%'), tasks: Number.parseInt(tasks[0] ?? '0', 10) };
}
