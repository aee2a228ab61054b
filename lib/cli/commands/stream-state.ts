/** The state on a line of the stream: what an earlier answer returned. Its shape is checked, since a broken one would break a decision. */
import * as z from 'zod/mini';
import { type ServiceState, STATE_FORMAT } from '../../policy/state.ts';
import { BadLine } from './stream-fields.ts';

const at = z.number();
const byName = z.record(z.string(), at);

/** What `decide` reads before it asks; fields that it may add later pass. */
const SHAPE = z.looseObject({
  v: z.literal(STATE_FORMAT),
  actedOn: byName,
  waitUntil: byName,
  unknownSince: byName,
  startSeconds: z.array(z.number()),
  lastChange: z.optional(z.looseObject({ at, from: z.number(), to: z.number(), by: z.enum(['us', 'foreign']) })),
  lastOutAt: z.optional(at),
  lastInAt: z.optional(at),
  shortSince: z.optional(at),
  foreignUntil: z.optional(at),
  blindSince: z.optional(at),
  breaker: z.optional(z.looseObject({ failures: z.number(), at, what: z.string(), openUntil: z.optional(at) })),
  efforts: z.optional(z.record(z.string(), z.looseObject({ seen: byName, inService: z.number() }))),
  rollout: z.optional(z.looseObject({ since: at, base: z.number() })),
  foreignUpdate: z.optional(z.looseObject({ at, desired: z.number(), principal: z.string() })),
  rolloutSeconds: z.optional(z.array(z.number())),
  reversals: z.optional(z.array(at)),
  rings: z.looseObject({
    counts: z.array(z.tuple([at, z.number(), z.nullable(at)])),
    wishes: z.array(z.tuple([at, z.number()])),
    signals: z.optional(z.record(z.string(), z.array(z.tuple([at, z.number()], z.number())))),
    spokenBy: z.optional(z.record(z.string(), z.tuple([z.string(), at]))),
  }),
});

/** Throws `BadLine`. */
export function stateOf(value: unknown): ServiceState {
  const parsed = z.safeParse(SHAPE, value);
  if (parsed.success) return value as ServiceState;
  const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  if (path === 'v') throw otherFormat(value);
  const field = path === '' ? 'state' : `state.${path}`;
  throw new BadLine(`${field} is not as an answer returned it; send the state of the last answer as it is, or none`);
}

function otherFormat(state: unknown): BadLine {
  const v =
    typeof state === 'object' && state !== null && 'v' in state ? JSON.stringify(state.v)?.slice(0, 60) : undefined;
  const is = v === undefined ? 'state.v is missing' : `state.v is ${v}`;
  return new BadLine(
    `${is}, and this Schmitt reads ${STATE_FORMAT}; begin without a state, or with the version that made it`,
  );
}
