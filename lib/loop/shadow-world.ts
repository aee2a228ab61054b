/**
 * The service a decision is about, and what becomes of the decision: the real service, whose changes go to ECS, or in shadow a virtual one
 * beside it, whose changes go nowhere. The tick chooses one of the two and treats both alike.
 */
import { type Beside, beside } from '../counterfactual/counterfactual.ts';
import { idlePercent } from '../counterfactual/idle.ts';
import { type Tally, tallied } from '../counterfactual/tally.ts';
import { setDesired, type VirtualService } from '../counterfactual/virtual-service.ts';
import { acknowledge } from '../policy/decide.ts';
import type { Decided, Reason } from '../policy/decision.ts';
import type { Observation } from '../policy/observation.ts';
import type { EpochMs, ServicePolicy } from '../policy/policy.ts';
import { EMPTY_STATE, type Rings, type ServiceState } from '../policy/state.ts';
import type { Memory } from './memory.ts';
import type { LedgerEntry } from './ports.ts';

export interface World {
  /** What is remembered of this service. */
  readonly memory: Memory;
  readonly observation: Observation;
  /** What a change is called that is not sent to ECS; absent: it is sent. */
  readonly unsent?: 'shadowed';
  /** What there is to remember once it was decided and, where nothing is sent, done. */
  after(decided: Decided): After;
  /** The entry with what must be said of this world. */
  told(entry: LedgerEntry): LedgerEntry;
  readonly tally?: Tally;
}

export interface After {
  readonly state: ServiceState;
  readonly shadow?: VirtualService;
}

export interface Given {
  readonly policy: ServicePolicy;
  readonly memory: Memory;
  /** The real service. */
  readonly observation: Observation;
  readonly tally: Tally | undefined;
  readonly now: EpochMs;
}

export function worldOf(given: Given): World {
  return given.policy.mode === 'shadow' ? besideWorld(given) : realWorld(given);
}

const asDecided = ({ state }: Decided): After => ({ state });
const asTold = (entry: LedgerEntry): LedgerEntry => entry;

function realWorld({ memory, observation, tally }: Given): World {
  const { shadow, state } = memory;
  const own = { observation, after: asDecided, told: asTold };
  if (shadow !== undefined) return { ...own, memory: { ...memory, state: anew(memory, shadow) } };
  // Rings with a tally beside them were written in shadow: a tick that died on its way out of it left them.
  return { ...own, memory: tally === undefined ? memory : { ...memory, state: { ...state, rings: ringsAnew(state) } } };
}

/** After such a gap nobody knows what the real service did meanwhile, and the virtual one begins again at its counts. */
const FORGOTTEN_AFTER_MS = 3_600_000;

function besideWorld({ policy, memory, observation, tally, now }: Given): World {
  const goesOn = tally !== undefined && now - tally.until <= FORGOTTEN_AFTER_MS;
  const known = goesOn ? memory.shadow : undefined;
  const state = memory.shadow === undefined || goesOn ? memory.state : anew(memory, memory.shadow);
  const { startSeconds } = memory.shadow ?? state;
  const seen = beside(policy, known, observation, now, { startSeconds, idlePercent: idlePercent(tally?.idle) });
  return {
    memory: { ...memory, state },
    observation: seen.observation,
    unsent: 'shadowed',
    after: (decided) => ({
      state: acknowledge(policy, decided, now),
      shadow: setDesired(seen.virtual, decided.decision.to, now),
    }),
    told: (entry) => toldBeside(entry, observation, seen),
    tally: tallied(tally, policy, observation, seen, now),
  };
}

/** What was remembered of another service than this one is forgotten, but how long tasks take to start and what evidence is spent. */
function anew({ state }: Memory, { startSeconds }: VirtualService): ServiceState {
  return { ...EMPTY_STATE, startSeconds, actedOn: state.actedOn, rings: ringsAnew(state) };
}

function ringsAnew({ rings }: ServiceState): Rings {
  return { ...EMPTY_STATE.rings, ...(rings.mind === undefined ? {} : { mind: rings.mind }) };
}

/** Says what the real service has, and which numbers are not its own. */
function toldBeside(entry: LedgerEntry, { service }: Observation, { modelled }: Beside): LedgerEntry {
  const { desired, running } = service;
  const differs = entry.decision.from !== desired ? [`the service itself has ${desired}`] : [];
  const named = [...new Set(entry.reasons.flatMap(speaking))].filter((signal) => Object.hasOwn(modelled, signal));
  const notes = named.map((signal) => `${signal} is modelled: ${modelled[signal]}`);
  return {
    ...entry,
    real: { desired, running },
    sentence: entry.sentence === '' ? '' : [entry.sentence, ...differs, ...notes].join('; '),
    reasons: entry.reasons.map((reason) => marked(reason, modelled)),
  };
}

function speaking(reason: Reason): readonly string[] {
  return reason.kind === 'vote' && reason.vote !== 'abstain' ? reason.signals.map(({ signal }) => signal) : [];
}

function marked(reason: Reason, modelled: Beside['modelled']): Reason {
  if (reason.kind !== 'vote') return reason;
  const signals = reason.signals.map((seen) =>
    seen.cause === undefined && Object.hasOwn(modelled, seen.signal)
      ? { ...seen, cause: `modelled: ${modelled[seen.signal]}` }
      : seen,
  );
  return { ...reason, signals };
}
