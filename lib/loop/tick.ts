/** One turn of the loop over a shard of services. */
import type { Ports, TickReport, TickRequest } from './ports.ts';

export async function tick(_ports: Ports, _request: TickRequest): Promise<TickReport> {
  throw new Error('tick is being written');
}
