/** What brought a check: a schedule, for all services or for those that are new, or ECS, for one that it could not place or start. */
import * as z from 'zod/mini';

const event = z.object({ resources: z.array(z.string()), detail: z.object({ eventName: z.string() }) });

const forNew = z.object({ about: z.literal('new') });

/** `cluster/service` of those that it is about; undefined: all. */
export function servicesAskedFor(given: unknown): readonly string[] | 'new' | undefined {
  if (z.safeParse(forNew, given).success) return 'new';
  const told = z.safeParse(event, given);
  if (!told.success) return undefined;
  const names = told.data.resources.flatMap((arn) => /:ecs:[^:]*:[^:]*:service\/([^/]+\/[^/]+)$/.exec(arn)?.[1] ?? []);
  return names.length === 0 ? undefined : names;
}
