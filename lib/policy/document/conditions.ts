/** CEL conditions of a service, checked against its signals; a fault points into the text of the condition. */
import { checkCondition } from '../cel.ts';
import type { Path } from './problem.ts';
import type { Scope } from './scope.ts';

/** Says what is wrong with `source`, if anything. */
export type CheckCondition = (source: string, scope: Scope, path: Path) => void;

type Verdict = ReturnType<typeof checkCondition>;

/** A fleet shares the conditions of its defaults: the same text over the same signals is checked once. */
export function conditionChecker(): (signals: readonly string[]) => CheckCondition {
  const known = new Map<string, Verdict>();
  return (signals) => {
    const names = [...signals].sort().join(' ');
    return (source, scope, path) => {
      const key = `${names}\n${source}`;
      const verdict = known.get(key) ?? checkCondition(source, signals);
      known.set(key, verdict);
      if (verdict.kind === 'bad') {
        scope.say(path, `cannot be read: ${verdict.sentence}`, { text: source, offset: verdict.start });
      } else if (verdict.signals.length === 0) {
        scope.say(
          path,
          `is ${JSON.stringify(source)}, which names no signal and never changes; compare a signal with a number`,
        );
      }
    };
  };
}
