import { afterEach, describe, expect, test } from '@jest/globals';
import { awsClients } from '../../lib/aws/clients.ts';
import { awsTaggedServices } from '../../lib/aws/tagged-services.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';
import { failure, type Script, startWire, type Wire } from './wire.ts';

let wire: Wire | undefined;
afterEach(async () => wire?.close());

async function finding(script: Script) {
  wire = await startWire(script);
  const limits = { attempts: 1 };
  const clients = awsClients({
    region: REGION,
    credentials: CREDENTIALS,
    endpoints: { tagging: wire.endpoint },
    limits,
  });
  const find = awsTaggedServices(clients.tagging, clients.limits.callMs);
  return (tags: Record<string, string>) => find(tags, new AbortController().signal).finally(() => clients.close());
}

const arn = (name: string) => ({ ResourceARN: `arn:aws:ecs:${REGION}:123456789012:service/${name}` });

describe('services by their tags', () => {
  test('come page by page; those of the old form of ARN are left out', async () => {
    const find = await finding(({ text }) => ({
      body:
        JSON.parse(text).PaginationToken === 'next'
          ? { ResourceTagMappingList: [arn('prod/b')], PaginationToken: '' }
          : { ResourceTagMappingList: [arn('prod/a'), arn('old')], PaginationToken: 'next' },
    }));
    expect(await find({ schmitt: 'web', stage: 'prod' })).toEqual([
      { cluster: 'prod', service: 'a' },
      { cluster: 'prod', service: 'b' },
    ]);
    expect(JSON.parse(wire?.requests[0]?.text ?? '{}')).toEqual({
      ResourceTypeFilters: ['ecs:service'],
      TagFilters: [
        { Key: 'schmitt', Values: ['web'] },
        { Key: 'stage', Values: ['prod'] },
      ],
      ResourcesPerPage: 100,
    });
  });

  test('that cannot be asked for are a fault that names the tags', async () => {
    const find = await finding(() => failure('AccessDeniedException', 'not allowed'));
    await expect(find({ schmitt: 'web' })).rejects.toThrow(
      'Which services carry the tags schmitt=web could not be asked: AccessDeniedException: not allowed',
    );
  });

  test('that never end are given up', async () => {
    const find = await finding(() => ({ body: { ResourceTagMappingList: [], PaginationToken: 'again' } }));
    await expect(find({ schmitt: 'web' })).rejects.toThrow(
      'More than 5000 services carry the tags schmitt=web; narrow them.',
    );
  });
});
