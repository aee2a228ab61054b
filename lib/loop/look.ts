/** The last look at ECS before a change: a human or a deployment may have come between the decision and now. */
import type { EpochMs } from '../policy/policy.ts';
import type { Acting, Deciding } from './act.ts';

export interface Look {
  readonly askedAt: EpochMs;
  /** Those whose desired count is no longer the one that was decided on, or cannot be read now. */
  readonly overtaken: ReadonlySet<Deciding>;
}

/** Longer ago than this it says nothing about now. */
const GOOD_FOR_MS = 5_000;

/** The look that there is while it is good, else another at all that are left to change. Undefined: ECS is too slow to say. */
export async function freshLook(
  turn: Acting,
  last: Look | undefined,
  left: readonly Deciding[],
): Promise<Look | undefined> {
  if (isGood(turn, last)) return last;
  const look = await lookAt(turn, left);
  return isGood(turn, look) ? look : undefined;
}

function isGood({ ports }: Acting, look: Look | undefined): boolean {
  return look !== undefined && ports.clock.now() - look.askedAt <= GOOD_FOR_MS;
}

async function lookAt({ ports, request }: Acting, left: readonly Deciding[]): Promise<Look> {
  const askedAt = ports.clock.now();
  const names = left.map(({ policy }) => policy);
  const described = await ports.services.describe(names, request.abort);
  const isSame = ({ observed }: Deciding, index: number) => {
    const found = described[index];
    return found?.kind === 'found' && found.desired === observed;
  };
  return { askedAt, overtaken: new Set(left.filter((service, index) => !isSame(service, index))) };
}
