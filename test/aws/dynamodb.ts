/** dynalite behind a wire that a test can break, and the unmodified client in front of it. */
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { awsClients, type CallLimits } from '../../lib/aws/clients.ts';
import { tableOf } from '../../lib/aws/store.ts';
import { type Item, type Table, tableDefinition } from '../../lib/aws/table.ts';
import { close, listen, type Script, startWire, type Wire, type WireAnswer, type WireRequest } from './wire.ts';

export const CREDENTIALS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };
export const REGION = 'eu-west-1';

export interface DynamoWorld {
  readonly table: Table;
  readonly wire: Wire;
  /** What happens to requests from now on. `pass` sends one on to dynalite and returns its answer. */
  interfere(script: (request: WireRequest, pass: () => Promise<WireAnswer>) => WireAnswer | Promise<WireAnswer>): void;
  put(item: Item): Promise<void>;
  close(): Promise<void>;
}

/** One dynalite for a test file; each world has its own table. */
export async function startDynalite(): Promise<{
  create(limits?: Partial<CallLimits>): Promise<DynamoWorld>;
  stop(): Promise<void>;
}> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const endpoint = await listen(server);
  const setup = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  let tables = 0;
  return {
    async create(limits = {}) {
      tables += 1;
      const name = `schmitt-${tables}`;
      await setup.send(new CreateTableCommand(tableDefinition(name)));
      const pass = (request: WireRequest) => sendOn(endpoint, request);
      let script: Script = pass;
      const wire = await startWire((request) => script(request));
      const clients = awsClients({
        region: REGION,
        credentials: CREDENTIALS,
        endpoints: { dynamodb: wire.endpoint },
        // A busy machine may take long to open many connections at once; what these tests are about is not that.
        limits: { connectMs: 10_000, attemptMs: 10_000, callMs: 15_000, ...limits },
      });
      const { callMs } = clients.limits;
      return {
        table: tableOf({ client: clients.dynamodb, tableName: name, callMs, backoffMs: 1, writer: 'test' }),
        wire,
        interfere: (other) => {
          script = (request) => other(request, () => pass(request));
        },
        put: async (item) => void (await setup.send(new PutItemCommand({ TableName: name, Item: item }))),
        close: async () => {
          clients.close();
          await wire.close();
        },
      };
    },
    async stop() {
      setup.destroy();
      await close(server);
    },
  };
}

const PASSED_ON = ['x-amz-target', 'content-type', 'authorization', 'x-amz-date'] as const;

async function sendOn(endpoint: string, { headers, text }: WireRequest): Promise<WireAnswer> {
  const kept = PASSED_ON.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
  const answer = await fetch(endpoint, { method: 'POST', headers: Object.fromEntries(kept), body: text });
  return { status: answer.status, body: await answer.json() };
}
