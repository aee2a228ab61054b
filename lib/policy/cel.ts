/**
 * Conditions are CEL. The library parses and checks types when a policy is loaded; what is allowed is a small part of the language:
 * numbers, signals, comparison, logic, arithmetic, the ternary and the window functions below. No lists, maps, macros, methods or text.
 */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { faultOf, type Refusal, THERE_ARE, takes } from './cel-fault.ts';
import { durationSeconds } from './duration.ts';
import { isWindowFunction, WINDOW_FUNCTIONS } from './window-statistics.ts';

export const CONDITION_LIMITS = Object.freeze({ characters: 2000, nodes: 400, depth: 40 });

/** Names that a signal cannot have: literals, types and reserved words of CEL. A function's name is free: `p95 > p95(latency, '5m')`. */
const RESERVED: ReadonlySet<string> = new Set(
  `true false null in as break const continue else for function if import let loop package
   namespace return var void while int uint double bool string bytes list map type dyn size has all exists exists_one filter
   timestamp duration matches contains startsWith endsWith math optional`.split(/\s+/),
);

/** Undefined when `name` can be a signal's name; else why it cannot, as a clause. */
export function signalNameFault(name: string): string | undefined {
  if (RESERVED.has(name)) return 'is a word of the expression language';
  if (/^[A-Za-z]/.test(name) && name in Object.prototype) return 'is a name that every object has already';
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name))
    return `is not a name of letters, digits and _ that starts with a letter`;
  return undefined;
}

export type ConditionCheck =
  | { readonly kind: 'ok'; readonly ast: ASTNode; readonly signals: readonly string[] }
  | { readonly kind: 'bad'; readonly sentence: string; readonly start: number; readonly end: number };

/** Parses and checks a condition over the named signals. The sentence of a fault names the place and the mend, not the file. */
export function checkCondition(source: string, signals: readonly string[]): ConditionCheck {
  if (source.length > CONDITION_LIMITS.characters) {
    const sentence = `a condition has at most ${CONDITION_LIMITS.characters} characters, this one has ${source.length}; split it into rules`;
    return { kind: 'bad', sentence, start: 0, end: source.length };
  }
  const environment = environmentOf(signals);
  const checked = environment.check(source);
  if (!checked.valid) return { kind: 'bad', ...faultOf(checked.error, source, signals) };
  const ast = environment.parse(source).ast;
  const used = new Set<string>();
  const refused = refuse(ast, used);
  if (refused !== undefined) return { kind: 'bad', ...refused };
  if (checked.type !== 'bool') {
    const sentence = `a condition is true or false, this one is a number; compare it with something, as in '${source.trim()} > 80'`;
    return { kind: 'bad', sentence, start: 0, end: source.length };
  }
  return { kind: 'ok', ast, signals: [...used] };
}

function environmentOf(signals: readonly string[]): Environment {
  const environment = BASE.clone();
  // A name that no signal can have is refused where signals are declared; here it is just not known.
  for (const name of signals) if (signalNameFault(name) === undefined) environment.registerVariable(name, 'double');
  return environment;
}

/** CEL compares int with double but does not mix them in arithmetic; an operator writes `cpu * 2`. Handlers serve only `check`'s typing. */
const BASE = (() => {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    limits: {
      maxAstNodes: CONDITION_LIMITS.nodes,
      maxDepth: CONDITION_LIMITS.depth,
      maxListElements: 0,
      maxMapEntries: 0,
      maxCallArguments: 2,
    },
  });
  const widen: Record<string, (a: number, b: number) => number | boolean> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '==': (a, b) => a === b,
  };
  for (const [operator, apply] of Object.entries(widen)) {
    const mixed = (a: unknown, b: unknown) => apply(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int`, mixed);
    // Left unsaid, the library takes the left side's type for the result's.
    if (operator !== '==') environment.registerOperator(`int ${operator} double: double`, mixed);
  }
  const windowed = () => Number.NaN;
  for (const name of WINDOW_FUNCTIONS) environment.registerFunction(`${name}(double, string): double`, windowed);
  environment.registerFunction('age(double): double', windowed);
  environment.registerFunction('missing(double): bool', () => false);
  return environment;
})();

const OPERATORS: ReadonlySet<string> = new Set([
  '&&',
  '||',
  '!_',
  '-_',
  '?:',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '+',
  '-',
  '*',
  '/',
  '%',
]);

/** The first thing in the tree that a condition may not have; collects the signals it uses. */
function refuse(node: ASTNode, used: Set<string>): Refusal | undefined {
  const at = (sentence: string): Refusal => ({ sentence, start: node.start, end: node.end });
  if (node.op === 'id') {
    used.add(node.args);
    return undefined;
  }
  if (node.op === 'value') {
    const plain = typeof node.args === 'number' || typeof node.args === 'bigint' || typeof node.args === 'boolean';
    return plain ? undefined : at(`conditions compare numbers; ${node.input.slice(node.start, node.end)} is not one`);
  }
  if (node.op === 'call') return refuseCall(node.args[0], node.args[1], used, at);
  if (!OPERATORS.has(node.op)) {
    return at(
      `'${node.input.slice(node.start, node.end)}' is not allowed; conditions know numbers, signals, comparisons, && || !, + - * / and the functions over windows`,
    );
  }
  const children = (Array.isArray(node.args) ? node.args : [node.args]) as ASTNode[];
  for (const child of children) {
    const refusal = refuse(child, used);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refuseCall(
  name: string,
  args: ASTNode[],
  used: Set<string>,
  at: (sentence: string) => Refusal,
): Refusal | undefined {
  const windowed = isWindowFunction(name);
  if (!windowed && name !== 'age' && name !== 'missing') return at(`there is no function ${name}; ${THERE_ARE}`);
  const [signal, window] = args;
  if (signal?.op !== 'id') return at(`${name} takes a signal by its name, not an expression`);
  used.add(signal.args);
  if (!windowed) return undefined;
  const text = window?.op === 'value' ? window.args : undefined;
  const seconds = typeof text === 'string' ? durationSeconds(text) : undefined;
  if (seconds === undefined || seconds <= 0 || seconds > MAX_WINDOW_SECONDS) {
    return at(takes(name, signal.args));
  }
  return undefined;
}

export const MAX_WINDOW_SECONDS = 3 * 3600;
