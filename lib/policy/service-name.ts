/** A service as an operator writes it. */
import type { ServiceName } from './policy.ts';

/** `cluster/service`. */
export function nameText({ cluster, service }: ServiceName): string {
  return `${cluster}/${service}`;
}
