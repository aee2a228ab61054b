/**
 * CloudWatch metric math over other signals of the service, by their names and in the units the policy sees. CloudWatch evaluates it;
 * what is sent has the names replaced by queries of the same call.
 *
 * A call holds the signals of many services, and `METRICS()` means every metric of a call: it is written out as the service's own.
 */
import type { SignalQuery } from '../../loop/ports.ts';
import type { SignalSource } from '../../policy/policy.ts';
import { QUERIES_PER_CALL } from './metric-data-calls.ts';
import type { Planning } from './plan.ts';
import { type MetricRecipe, type Recipe, type TargetGroupsRecipe, unread } from './recipe.ts';
import { settledWindow } from './window.ts';

type MathSource = SignalSource & { kind: 'math' };

/** Kinds that CloudWatch has the numbers of. */
const OPERANDS: ReadonlySet<SignalSource['kind']> = new Set(['ecs', 'alb', 'cloudwatch', 'math']);

export function planMath(query: SignalQuery, source: MathSource, planning: Planning): Recipe {
  const rewriting = new Rewriting(query, planning, []);
  const expression = rewriting.rewrite(source.expression);
  if (rewriting.fault !== undefined) return unread(query.spec, rewriting.fault);
  const { spec, periods } = query;
  const { periodSeconds, scale } = spec;
  const window = settledWindow(
    { periodSeconds, publicationDelaySeconds: rewriting.delaySeconds },
    periods,
    planning.now,
  );
  const uses = [...rewriting.uses];
  if (uses.length === 0) return unread(spec, `${source.expression} names no signal`);
  if (uses.length >= QUERIES_PER_CALL)
    return unread(spec, `it needs ${uses.length} metrics, more than a call may hold`);
  const id = planning.wanted.expression(expression, uses, periodSeconds, window);
  return { kind: 'metric', id, madeOf: uses, ...window, periodSeconds, scale };
}

const TOKEN = /"[^"]*"|'[^']*'|METRICS\s*\(\s*(?:"[^"]*"|'[^']*')?\s*\)|\d[\w.]*|[A-Za-z_]\w*/g;

/** One expression with its names replaced. The first fault ends it. */
class Rewriting {
  readonly uses = new Set<string>();
  fault: string | undefined;
  delaySeconds: number;
  readonly #query: SignalQuery;
  readonly #planning: Planning;
  readonly #above: readonly string[];

  constructor(query: SignalQuery, planning: Planning, above: readonly string[]) {
    this.#query = query;
    this.#planning = planning;
    this.#above = [...above, query.name];
    this.delaySeconds = query.spec.publicationDelaySeconds;
  }

  rewrite(expression: string): string {
    return expression.replace(TOKEN, (token) => {
      if (token.startsWith('METRICS')) return this.#all(/["'](.*)["']/.exec(token)?.[1] ?? '');
      return /^[a-z]/.test(token) ? this.#operand(token) : token;
    });
  }

  /** The service's own metrics whose names hold the text. */
  #all(text: string): string {
    const names = this.#planning
      .siblings(this.#query)
      .filter(
        ({ spec: { source }, name }) => OPERANDS.has(source.kind) && source.kind !== 'math' && name.includes(text),
      )
      .map(({ name }) => name);
    return `[${names.map((name) => this.#operand(name)).join(', ')}]`;
  }

  #operand(name: string): string {
    const fault = (clause: string): string => {
      this.fault ??= clause;
      return name;
    };
    const sibling = this.#planning.sibling(this.#query, name);
    if (sibling === undefined) return fault(`${name} is no signal of the service`);
    if (this.#above.includes(name)) return fault(`${name} leads back to itself`);
    const { source, periodSeconds, publicationDelaySeconds } = sibling.spec;
    if (!OPERANDS.has(source.kind)) return fault(`${name} is of kind ${source.kind}, which CloudWatch has not`);
    if (periodSeconds !== this.#query.spec.periodSeconds) {
      const both = `${this.#query.spec.periodSeconds} s and ${periodSeconds} s`;
      return fault(`it and ${name} have periods of ${both}; give both the same`);
    }
    this.delaySeconds = Math.max(this.delaySeconds, publicationDelaySeconds);
    if (source.kind === 'math') return this.#nested(sibling, source);
    const recipe = this.#planning.plan({
      ...sibling,
      periods: this.#query.periods,
      spec: { ...sibling.spec, averagedOverTasks: false },
    });
    const text = textOf(recipe);
    if (text === undefined)
      return fault(recipe.kind === 'unread' ? `${name}: ${recipe.cause}` : `${name} is no one series`);
    for (const id of idsOf(recipe)) this.uses.add(id);
    return text;
  }

  /** In parentheses in its place, so that a call needs no order of expressions. */
  #nested(sibling: SignalQuery, { expression }: MathSource): string {
    const inner = new Rewriting(sibling, this.#planning, this.#above);
    const text = inner.rewrite(expression);
    this.fault ??= inner.fault;
    this.delaySeconds = Math.max(this.delaySeconds, inner.delaySeconds);
    for (const id of inner.uses) this.uses.add(id);
    return scaled(`(${text})`, sibling.spec.scale);
  }
}

function textOf(recipe: Recipe): string | undefined {
  if (recipe.kind === 'metric') return scaled(recipe.id, recipe.scale);
  if (recipe.kind !== 'targetGroups') return undefined;
  const [only, ...more] = recipe.groups;
  if (only !== undefined && more.length === 0) return scaled(only.id, recipe.scale);
  const name = COMBINED[recipe.combine];
  return name === undefined ? undefined : scaled(`${name}([${idsOf(recipe).join(', ')}])`, recipe.scale);
}

const COMBINED: Readonly<Record<TargetGroupsRecipe['combine'], string | undefined>> = {
  sum: 'SUM',
  most: 'MAX',
  least: 'MIN',
  perTarget: undefined,
};

function idsOf(recipe: Recipe): readonly string[] {
  if (recipe.kind === 'targetGroups') return recipe.groups.map(({ id }) => id);
  return recipe.kind === 'metric' ? [(recipe satisfies MetricRecipe).id] : [];
}

/** Without an exponent, which metric math does not know. */
function scaled(text: string, scale: number): string {
  if (scale === 1) return text;
  const factor = String(scale);
  return `(${text} * ${factor.includes('e') ? scale.toFixed(12) : factor})`;
}
