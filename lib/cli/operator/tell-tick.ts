/** After a service changed hands: what the checks found of it is put right, so that the next tick knows. */
import type { HeadroomStore } from '../../loop/headroom.ts';

export interface Telling {
  readonly headroom: HeadroomStore;
  readonly abort: AbortSignal;
}

/** A check may write at the same moment; another try is made over what it found. */
const TRIES = 3;

/** The tick believes the last check for hours: what was found of this service is put right at once. Throws where others write each time. */
export async function tellTick(
  telling: Telling,
  service: string,
  shards: readonly string[],
  scaledBy: readonly string[],
): Promise<void> {
  for (const shard of shards) {
    if (await isPutRight(telling, service, shard, scaledBy)) continue;
    throw new Error(
      `${service} has changed hands, but others wrote the findings of shard ${shard} ${TRIES} times meanwhile: the tick knows it after the next hourly check.`,
    );
  }
}

/** Also where nothing was found of the service, so that there is nothing to put right. */
async function isPutRight(
  { headroom, abort }: Telling,
  service: string,
  shard: string,
  scaledBy: readonly string[],
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const known = await headroom.load(shard, abort);
    const found = known.kind === 'found' ? known.findings.services[service] : undefined;
    if (known.kind !== 'found' || found === undefined) return true;
    const services = { ...known.findings.services, [service]: { ...found, scaledBy } };
    const saved = await headroom.save(shard, { ...known.findings, services }, known.rev, abort);
    if (saved.kind === 'saved') return true;
  }
  return false;
}
