/** After a service changed hands: what the checks found of it is put right, so that the next tick knows. */
import type { HeadroomStore } from '../../loop/headroom.ts';

/** A check may write at the same moment; another try is made over what it found. */
const TRIES = 3;

/** The tick believes the last check for hours: what was found of this service is put right at once. */
export async function tellTick(
  { headroom, abort }: { readonly headroom: HeadroomStore; readonly abort: AbortSignal },
  service: string,
  shards: readonly string[],
  scaledBy: readonly string[],
): Promise<void> {
  for (const shard of shards) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await headroom.load(shard, abort);
      const found = known.kind === 'found' ? known.findings.services[service] : undefined;
      if (known.kind !== 'found' || found === undefined) break;
      const services = { ...known.findings.services, [service]: { ...found, scaledBy } };
      const saved = await headroom.save(shard, { ...known.findings, services }, known.rev, abort);
      if (saved.kind === 'saved') break;
    }
  }
}
