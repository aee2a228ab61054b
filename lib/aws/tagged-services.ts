/** ECS services by their tags, from the Resource Groups Tagging API: 100 a page. */
import { GetResourcesCommand, type ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import type { FindTagged } from '../loop/selected-policies.ts';
import type { ServiceName } from '../policy/policy.ts';
import { clauseOf, limited } from './call.ts';

const PER_PAGE = 100;
/** 5,000 services by one policy: more than a shard could serve. */
const MAX_PAGES = 50;

export function awsTaggedServices(client: ResourceGroupsTaggingAPIClient, callMs: number): FindTagged {
  return async (tags, abort) => {
    const found: ServiceName[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const command = new GetResourcesCommand({
        ResourceTypeFilters: ['ecs:service'],
        TagFilters: Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] })),
        ResourcesPerPage: PER_PAGE,
        ...(token === undefined ? {} : { PaginationToken: token }),
      });
      const answer = await asked(tags, abort, () =>
        limited(callMs, abort, (abortSignal) => client.send(command, { abortSignal })),
      );
      for (const { ResourceARN } of answer.ResourceTagMappingList ?? []) found.push(...nameOf(ResourceARN));
      token = answer.PaginationToken;
      if (token === undefined || token === '') return found;
    }
    throw new Error(`More than ${MAX_PAGES * PER_PAGE} services carry the tags ${textOf(tags)}; narrow them.`);
  };
}

async function asked<T>(
  tags: Readonly<Record<string, string>>,
  abort: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (abort.aborted) throw cause;
    throw new Error(`Which services carry the tags ${textOf(tags)} could not be asked: ${clauseOf(cause)}`, { cause });
  }
}

/** ARNs of the old form have no cluster in them: such a service is named in its policy instead. */
function nameOf(arn: string | undefined): readonly ServiceName[] {
  const [kind, cluster, service] = arn?.split(':')[5]?.split('/') ?? [];
  return kind === 'service' && cluster !== undefined && service !== undefined ? [{ cluster, service }] : [];
}

function textOf(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
