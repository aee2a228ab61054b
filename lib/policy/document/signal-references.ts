/** Signals that name signals (`whenMissing.use`, `shareOf`, `math`): the names exist, the units agree, no circle. */
import { valueText } from './problem.ts';
import type { SignalDocument } from './schema.ts';
import { knowsSignal, noSuch, type Scope } from './scope.ts';
import { isCount, partUnitOf, unitOf } from './signal-units.ts';
import type { SignalDocuments } from './signals.ts';

export function checkReferences(documents: SignalDocuments, scope: Scope): void {
  const names = Object.keys(documents);
  for (const [name, document] of Object.entries(documents)) {
    const { use, share } = namedBy(document);
    if (use !== undefined && knowsSignal(scope, [name, 'whenMissing', 'use'], use, names))
      checkUse(name, use, documents, scope);
    if (share !== undefined && knowsSignal(scope, [name, 'shareOf'], share, names))
      checkShare(name, share, documents, scope);
    if ('math' in document) checkMath(name, document.math, documents, scope);
  }
  const circle = circleIn(documents);
  if (circle !== undefined) {
    const [first = ''] = circle;
    scope.say([first], `leads back to itself (${[...circle, first].join(' → ')}); take one of these references out`);
  }
}

function namedBy(document: SignalDocument): { use?: string; share?: string } {
  const { whenMissing, shareOf } = document;
  return {
    ...(typeof whenMissing === 'object' ? { use: whenMissing.use } : {}),
    ...(shareOf === undefined ? {} : { share: shareOf }),
  };
}

function checkUse(name: string, use: string, documents: SignalDocuments, scope: Scope): void {
  const own = unitIn(documents, name);
  const others = unitIn(documents, use);
  if (own === undefined || others === undefined || own === others) return;
  scope.say(
    [name, 'whenMissing', 'use'],
    `is ${valueText(use)}, in ${others}, while ${name} is in ${own}; name a signal of the same unit`,
  );
}

function checkShare(name: string, of: string, documents: SignalDocuments, scope: Scope): void {
  const document = documents[name];
  const whole = unitIn(documents, of);
  if (document === undefined || whole === undefined || document.scale !== undefined) return;
  const adapts = isCount(document) && !('per' in document && document.per !== undefined);
  const part = partUnitOf(document);
  const fits = adapts ? whole.startsWith('counts') : part === undefined || part === whole;
  if (!fits)
    scope.say(
      [name, 'shareOf'],
      `is ${valueText(of)}, in ${whole}, while the part is in ${part}; write both in one unit`,
    );
}

function unitIn(documents: SignalDocuments, name: string): string | undefined {
  const document = documents[name];
  return document === undefined ? undefined : unitOf(document);
}

/** CloudWatch's own rule for the names in an expression: they begin with a small letter; functions are written in capitals. */
function checkMath(name: string, expression: string, documents: SignalDocuments, scope: Scope): void {
  const used = operands(expression);
  const known = Object.keys(documents).filter((other) => other !== name);
  if (used.length === 0)
    scope.say(
      [name, 'math'],
      `is ${valueText(expression)}, which names no signal; name one that begins with a small letter`,
    );
  for (const operand of used) {
    const document = Object.hasOwn(documents, operand) ? documents[operand] : undefined;
    if (document === undefined) scope.say([name, 'math'], `names ${operand}, and ${noSuch(operand, known, 'signal')}`);
    else if (
      !('ecs' in document || 'alb' in document || 'cloudwatch' in document || 'math' in document) ||
      document.shareOf !== undefined
    )
      scope.say(
        [name, 'math'],
        `names ${operand}, which CloudWatch does not have; use ecs, alb, cloudwatch and math signals`,
      );
  }
}

function operands(expression: string): readonly string[] {
  const words = expression.replace(/"[^"]*"|'[^']*'/g, ' ').match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? [];
  return [...new Set(words.filter((word) => /^[a-z]/.test(word)))];
}

/** The first circle of references, from any signal on it; undefined where there is none. */
function circleIn(documents: SignalDocuments): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(name)) return above.slice(above.indexOf(name));
    const document = documents[name];
    if (document === undefined || done.has(name)) return undefined;
    for (const next of referencesOf(document)) {
      const circle = visit(next, [...above, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(documents)) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

function referencesOf(document: SignalDocument): readonly string[] {
  const { use, share } = namedBy(document);
  return [use, share, ...('math' in document ? operands(document.math) : [])].filter((name) => name !== undefined);
}
