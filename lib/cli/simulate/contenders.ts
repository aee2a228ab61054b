/** Who is to be played beside the policies: peers and bounds by name, with the number each of them turns. */
import { BadInput } from '../../policy/bad-input.ts';
import type { ServicePolicy } from '../../policy/policy.ts';
import { PEERS, peerNamed } from '../../sim/peers/catalogue.ts';
import type { PlantKind } from '../../sim/plant.ts';
import type { Contender } from '../../sim/play/contender.ts';
import type { PolicyPlayed } from '../policy-file.ts';

/** One of the runs of a scaler; those of a sweep share `group`. */
export interface Entrant {
  readonly group: string;
  readonly contender: Contender;
  /** The share of its capacity a task is meant to work at, where the scaler has such a number. */
  readonly setting?: number;
  /** The one that stands in the table; the others of its group are points of its front. */
  readonly shown: boolean;
  /** Ours: what a picture draws of it. */
  readonly policy?: ServicePolicy;
  /** Ours, and not as it is: the table does not stress it. */
  readonly isVariant?: boolean;
}

/** Where nobody says another. */
const DEFAULT_SETTING = 0.6;
const SWEEP: readonly number[] = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

const BOUNDS: ReadonlyMap<string, Contender> = new Map([
  ['oracle', { kind: 'oracle', name: 'oracle', without: 'overload' }],
  ['oracle-in-time', { kind: 'oracle', name: 'oracle-in-time', without: 'late' }],
]);

/** By the names of their files, in full where two are alike or another scaler is called so. */
export function policyEntrants(policies: readonly PolicyPlayed[]): readonly Entrant[] {
  const short = policies.map(({ file }) => file.replace(/^.*\//, '').replace(/\.(ya?ml|json)$/, ''));
  return policies.map(({ file, set, policy }, index) => {
    const own = short[index] ?? file;
    const isAlone = short.filter((other) => other === own).length === 1;
    const name = isAlone && !isOther(own) ? own : isOther(file) ? `./${file}` : file;
    return { group: name, contender: { kind: 'policy', name, set }, shown: true, policy };
  });
}

function isOther(name: string): boolean {
  const [plain = ''] = name.split('@');
  return BOUNDS.has(plain) || peerNamed(plain) !== undefined;
}

/** @param names `all`, or peers and bounds, each with `@0.7` behind it where its setting is to be 70 %. Throws `BadInput`. */
export function otherEntrants(names: readonly string[], kind: PlantKind, sweep: boolean): readonly Entrant[] {
  const wanted = names.flatMap((name) => (name === 'all' ? allFor(kind) : [name]));
  const entrants = [...new Set(wanted)].flatMap((name) => entrantsOf(name, kind, sweep));
  return entrants.filter(
    ({ contender }, i) => entrants.findIndex((one) => one.contender.name === contender.name) === i,
  );
}

function allFor(kind: PlantKind): readonly string[] {
  return [...PEERS.filter(({ kinds }) => kinds.includes(kind)).map(({ name }) => name), ...BOUNDS.keys()];
}

function entrantsOf(text: string, kind: PlantKind, sweep: boolean): readonly Entrant[] {
  const [name = '', ...rest] = text.split('@');
  const setting = rest.length === 0 ? undefined : rest.join('@');
  const bound = BOUNDS.get(name);
  if (bound !== undefined && setting === undefined) return [{ group: name, contender: bound, shown: true }];
  const peer = peerNamed(name);
  if (peer === undefined || bound !== undefined) throw unknown(text, kind);
  if (!peer.kinds.includes(kind)) {
    const fitting = allFor(kind).join(', ');
    throw new BadInput(`--against ${text}: it has no signal for work of kind ${kind}; choose among ${fitting}.`);
  }
  const main = setting === undefined ? DEFAULT_SETTING : settingOf(setting, text);
  const settings = sweep ? [...new Set([...SWEEP, main])].sort((a, b) => a - b) : [main];
  return settings.map((utilisation) => {
    const plain = utilisation === main && setting === undefined;
    const own = plain ? name : `${name}@${utilisation}`;
    const contender: Contender = { kind: 'peer', name: own, peer: peer.name, utilisation };
    return { group: name, contender, setting: utilisation, shown: utilisation === main };
  });
}

function settingOf(text: string, whole: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new BadInput(
    `--against ${whole}: ${text === '' ? 'what follows the @' : text} is no share of a task's capacity; write a number above 0, at most 1.`,
  );
}

function unknown(text: string, kind: PlantKind): BadInput {
  return new BadInput(`--against ${text}: there is no such scaler; choose among all, ${allFor(kind).join(', ')}.`);
}
