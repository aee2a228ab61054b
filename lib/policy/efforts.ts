/**
 * Whether more tasks help. A rule that looks at latency or at a share of errors may be true because of a database; after two of its
 * increases came into service and nothing got better, it asks for no more. It is forgotten as soon as the rule turns false.
 */
import type { Decided, RuleVote, SignalSeen } from './decision.ts';
import type { ServicePolicy, SignalSpec } from './policy.ts';
import type { Effort, PastChange, ServiceState } from './state.ts';
import type { Turn } from './turn.ts';

const INCREASES = 2;
/** Less is noise. */
const BETTER = 0.95;
const MORE_LOAD = 1.05;

/**
 * What tasks may or may not help. Averages over tasks fall with every task unless the load grows, and load itself never falls by tasks:
 * neither says anything here.
 */
function isSymptom({ source, stat }: SignalSpec): boolean {
  if (source.kind === 'share') return true;
  return (source.kind === 'alb' && source.metric === 'TargetResponseTime') || /^(p|tm|wm)\d/i.test(stat);
}

/** The signals of a rule when it asked: symptoms as they are, everything else per task. Undefined without a symptom, or blind. */
function seenBy(policy: ServicePolicy, signals: readonly SignalSeen[], tasks: number): Effort['seen'] | undefined {
  const seen: (readonly [string, number])[] = [];
  let hasSymptom = false;
  for (const { signal, value } of signals) {
    const spec = policy.signals[signal];
    if (spec === undefined || value === null) return undefined;
    if (isSymptom(spec)) hasSymptom = true;
    seen.push([signal, isSymptom(spec) || spec.averagedOverTasks ? value : value / Math.max(1, tasks)]);
  }
  return hasSymptom ? Object.fromEntries(seen) : undefined;
}

/** The efforts after a change that AWS took: what a rule saw when it first asked. */
export function withEffort(
  policy: ServicePolicy,
  { decision, reasons, by, state }: Decided,
): Pick<ServiceState, 'efforts'> {
  const vote = reasons.find(
    (one): one is RuleVote => one.kind === 'vote' && one.list === 'scaleOut' && one.name === by && one.vote === 'out',
  );
  const { efforts = {} } = state;
  if (decision.action !== 'out' || vote === undefined || Object.hasOwn(efforts, vote.name)) return {};
  const seen = seenBy(policy, vote.signals, decision.from);
  return seen === undefined ? {} : { efforts: kept([...Object.entries(efforts), [vote.name, { seen, inService: 0 }]]) };
}

/** An increase that a rule asked for is in service. */
export function withIncreaseInService(state: ServiceState, { rule, from, to }: PastChange): ServiceState {
  if (to <= from) return state;
  const { efforts = {} } = state;
  const effort = rule !== undefined && Object.hasOwn(efforts, rule) ? efforts[rule] : undefined;
  if (rule === undefined || effort === undefined) return state;
  const more = { ...effort, inService: effort.inService + 1 };
  return { ...state, efforts: kept([...Object.entries(efforts), [rule, more]]) };
}

/** Two increases, no symptom better, and no more load on each task than then. */
export function doesNotHelp({ policy, state, desired }: Turn, rule: string, signals: readonly SignalSeen[]): boolean {
  const { efforts = {} } = state;
  const effort = Object.hasOwn(efforts, rule) ? efforts[rule] : undefined;
  if (effort === undefined || effort.inService < INCREASES) return false;
  const now = seenBy(policy, signals, desired);
  if (now === undefined) return false;
  return Object.entries(now).every(([signal, value]) => {
    const [then, spec] = [effort.seen[signal], policy.signals[signal]];
    if (then === undefined || spec === undefined) return false;
    return isSymptom(spec) ? value > then * BETTER : value <= then * MORE_LOAD;
  });
}

/** Without those of rules that turned false or are gone. */
export function rememberEfforts(turn: Turn, votes: readonly RuleVote[]): Turn {
  const { efforts } = turn.state;
  if (efforts === undefined) return turn;
  const alive = new Set(
    votes.filter(({ list, why }) => list === 'scaleOut' && why !== 'false').map(({ name }) => name),
  );
  const left = Object.entries(efforts).filter(([rule]) => alive.has(rule));
  if (left.length === Object.keys(efforts).length) return turn;
  const { efforts: _, ...rest } = turn.state;
  return { ...turn, state: left.length === 0 ? rest : { ...rest, efforts: kept(left) } };
}

const kept = (entries: readonly (readonly [string, Effort])[]): Readonly<Record<string, Effort>> =>
  Object.fromEntries(entries);
