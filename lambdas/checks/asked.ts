/** What brought a check: the schedule, for all services, or ECS, for one that it could not place or start. */
import * as z from 'zod/mini';

const event = z.object({ resources: z.array(z.string()), detail: z.object({ eventName: z.string() }) });

/** `cluster/service` of those that it is about; undefined: all. */
export function servicesAskedFor(given: unknown): readonly string[] | undefined {
  const told = z.safeParse(event, given);
  if (!told.success) return undefined;
  const names = told.data.resources.flatMap((arn) => /:ecs:[^:]*:[^:]*:service\/([^/]+\/[^/]+)$/.exec(arn)?.[1] ?? []);
  return names.length === 0 ? undefined : names;
}
