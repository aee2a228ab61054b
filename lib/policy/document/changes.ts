/** What a true rule does to the count: one change, or bands of a signal that each have one. */
import type { Band, Change } from '../policy.ts';
import { DEFAULTS } from './defaults.ts';
import { oneOf } from './problem.ts';
import type { InRuleDocument, OutRuleDocument } from './schema.ts';
import { knowsSignal, type Scope, within } from './scope.ts';

export type Direction = 'scaleOut' | 'scaleIn';
export type RuleDocument = OutRuleDocument | InRuleDocument;
type StepDocument = NonNullable<RuleDocument['bands']>['steps'][number];
type PlainChange = Exclude<Change, { kind: 'bands' }>;

const CHANGES = {
  scaleOut: ['add', 'addPercent', 'setTo'],
  scaleIn: ['remove', 'removePercent', 'setTo'],
} as const;

export function changeOf(rule: RuleDocument, direction: Direction, signals: readonly string[], scope: Scope): Change {
  if (rule.bands === undefined) return plainChange(rule, direction, scope, ['bands']);
  const beside = CHANGES[direction].find((key) => key in rule);
  if (beside !== undefined)
    scope.say([beside], 'stands beside bands, which say the change themselves; keep one of them');
  const { signal, steps } = rule.bands;
  knowsSignal(scope, ['bands', 'signal'], signal, signals);
  return { kind: 'bands', signal, bands: bandsOf(steps, direction, within(scope, 'bands', 'steps')) };
}

/** Sizes are positive in both directions: the list a rule stands in says which way it goes. */
function plainChange(
  document: RuleDocument | StepDocument,
  direction: Direction,
  scope: Scope,
  more: readonly string[],
): PlainChange {
  const possible: readonly string[] = CHANGES[direction];
  const [first, second] = possible.filter((key) => key in document);
  if (first === undefined) scope.say([], `says no change; give it ${oneOf([...possible, ...more])}`);
  if (second !== undefined)
    scope.say([second], `stands beside ${first}, and a rule makes one change; keep one of them`);
  const sizes = document as Readonly<Partial<Record<string, number>>>;
  const size = sizes[first ?? ''] ?? 0;
  const percent = first === 'addPercent' || first === 'removePercent';
  if (sizes.atLeast !== undefined && !percent) scope.say(['atLeast'], `goes with ${possible[1]} only; delete it`);
  if (percent) return { kind: 'percent', percent: size, atLeastTasks: sizes.atLeast ?? DEFAULTS.atLeastTasks };
  if (first === 'setTo') return { kind: 'setTo', tasks: size };
  return { kind: 'tasks', tasks: size };
}

/** As AWS step scaling has them: no gap, no overlap, at most one band open below and one open above. */
function bandsOf(steps: readonly StepDocument[], direction: Direction, scope: Scope): readonly Band[] {
  const bands = steps.map((step, index) => ({
    index,
    from: step.from ?? null,
    to: step.to ?? null,
    change: plainChange(step, direction, within(scope, index), []),
  }));
  const sorted = bands.sort((a, b) => (a.from ?? Number.NEGATIVE_INFINITY) - (b.from ?? Number.NEGATIVE_INFINITY));
  for (const band of sorted) checkBand(band, scope);
  for (let i = 1; i < sorted.length; i++) checkNeighbours(sorted[i - 1], sorted[i], scope);
  const lowest = sorted[0];
  const highest = sorted[sorted.length - 1];
  if (lowest?.from != null && highest?.to != null)
    scope.say(
      [highest.index, 'to'],
      `is ${highest.to}, and no band answers beyond it; leave the last to away (or the first from)`,
    );
  return sorted.map(({ from, to, change }) => ({ from, to, change }));
}

type Indexed = Band & { readonly index: number };

function checkBand({ index, from, to }: Indexed, scope: Scope): void {
  if (from === null && to === null) scope.say([index], 'is open below and above, so it is no band; write from or to');
  if (from !== null && to !== null && from >= to)
    scope.say([index, 'to'], `is ${to}, not above its from ${from}; raise to or lower from`);
}

function checkNeighbours(below: Indexed | undefined, above: Indexed | undefined, scope: Scope): void {
  if (below === undefined || above === undefined) return;
  if (above.from === null) scope.say([above.index], 'is open below, as another band is; write its from');
  else if (below.to === null)
    scope.say([below.index], `is open above, and another band begins at ${above.from}; write its to`);
  else if (above.from < below.to)
    scope.say([above.index, 'from'], `is ${above.from}, inside the band that ends at ${below.to}; begin it there`);
  else if (above.from > below.to)
    scope.say([above.index, 'from'], `is ${above.from}, and values from ${below.to} on have no band; begin it there`);
}

/** The condition that bands stand for where a rule has none: the signal lies in one of them. Undefined where that is always so. */
export function conditionOfBands(signal: string, bands: readonly Band[], direction: Direction): string | undefined {
  const low = bands[0]?.from ?? null;
  const high = bands[bands.length - 1]?.to ?? null;
  const [over, under] = direction === 'scaleOut' ? ['>=', '<'] : ['>', '<='];
  const sides = [
    low === null ? [] : [`${signal} ${over} ${low}`],
    high === null ? [] : [`${signal} ${under} ${high}`],
  ].flat();
  return sides.length === 0 ? undefined : sides.join(' && ');
}
