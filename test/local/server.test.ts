/** The server by itself: where it listens, what it refuses to read, and how it ends. */
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { startLocalCloud } from '../../lib/local/cloud.ts';
import { Faults } from '../../lib/local/faults.ts';
import { close, listen } from '../../lib/local/listen.ts';
import { Calls } from '../../lib/local/operations.ts';
import { createCloudServer } from '../../lib/local/server.ts';
import { BadInput } from '../../lib/policy/bad-input.ts';
import { failure, REGION, startBench } from './clients.ts';
import { stubPlant } from './stub-plant.ts';

const SIGNED = {
  authorization:
    `AWS4-HMAC-SHA256 Credential=AKID/20260302/${REGION}/ecs/aws4_request, ` +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20260302T120000Z',
  'x-amz-target': 'AmazonEC2ContainerServiceV20141113.ListServices',
  'content-type': 'application/x-amz-json-1.1',
};

interface Posted {
  readonly status: number;
  readonly type?: string;
  readonly json: object;
}

async function post(headers: Record<string, string | undefined>, body: string | Uint8Array): Promise<Posted> {
  const cloud = await startLocalCloud({ plants: [stubPlant()], region: REGION });
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await fetch(cloud.endpoint, { method: 'POST', headers: given, body });
  const json = (await answer.json()) as { readonly __type?: string };
  await cloud.close();
  return { status: answer.status, json, ...(json.__type === undefined ? {} : { type: json.__type }) };
}

function connects(host: string, port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: 500 });
    const end = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => end(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => end(false));
  });
}

describe('what it reads', () => {
  const body = '{"cluster":"prod"}';

  test('a request as the SDK would write it', async () => {
    const { status, json } = await post(SIGNED, body);
    expect(status).toBe(200);
    expect(json).toEqual({ serviceArns: [`arn:aws:ecs:${REGION}:123456789012:service/prod/checkout`] });
  });

  test.each([
    ['nothing signed', { ...SIGNED, authorization: undefined }, 'MissingAuthenticationTokenException'],
    ['a basic password', { ...SIGNED, authorization: 'Basic YTpi' }, 'IncompleteSignatureException'],
    ['no date', { ...SIGNED, 'x-amz-date': undefined }, 'IncompleteSignatureException'],
    ['the date of another day', { ...SIGNED, 'x-amz-date': '20260303T120000Z' }, 'InvalidSignatureException'],
    [
      'a signature for S3',
      { ...SIGNED, authorization: SIGNED.authorization.replace('/ecs/', '/s3/') },
      'InvalidSignatureException',
    ],
    [
      'a host left out',
      { ...SIGNED, authorization: SIGNED.authorization.replace('host;', '') },
      'InvalidSignatureException',
    ],
    ['a service it is not', { ...SIGNED, 'x-amz-target': 'AmazonSNS.Publish' }, 'UnknownOperationException'],
    [
      'an operation it has not',
      { ...SIGNED, 'x-amz-target': 'AmazonSQS.SendMessage' },
      'com.amazonaws.sqs#UnknownOperationException',
    ],
    ['a protocol it does not speak', { ...SIGNED, 'content-type': 'application/json' }, 'UnknownOperationException'],
    ['a packing it does not know', { ...SIGNED, 'content-encoding': 'br' }, 'SerializationException'],
  ])('not %s', async (_what, headers, type) => {
    expect(await post(headers, body)).toMatchObject({ status: 400, type });
  });

  test.each([
    ['not JSON', '{"cluster":'],
    ['no structure', '[1]'],
    ['a number for a name', '{"cluster":7}'],
  ])('nor a body that is %s', async (_what, wrong) => {
    expect(await post(SIGNED, wrong)).toMatchObject({ status: 400, type: 'SerializationException' });
  });

  test('nor more than a megabyte, packed or unpacked', async () => {
    const large = JSON.stringify({ cluster: 'p'.repeat(1024 * 1024) });
    expect(await post(SIGNED, large)).toMatchObject({ status: 413, type: 'RequestEntityTooLargeException' });
    const packed = { ...SIGNED, 'content-encoding': 'gzip' };
    expect(await post(packed, new Uint8Array(gzipSync(large)))).toMatchObject({
      status: 413,
      type: 'RequestEntityTooLargeException',
    });
    expect(await post(packed, body)).toMatchObject({ status: 400, type: 'SerializationException' });
    expect((await post(packed, new Uint8Array(gzipSync(body)))).status).toBe(200);
  });

  test('nor one that does not come whole within its time', async () => {
    const parts = { services: [], region: REGION, faults: new Faults(), calls: new Calls(), requestLimitMs: 50 };
    const server = createCloudServer(parts);
    const { port } = new URL(await listen(server, 0));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: local\r\nContent-Length: 10\r\n\r\nhalf');
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /);
    await close(server);
  });

  test('a fault of the plant is a server fault with its own words, not an answer', async () => {
    const broken = stubPlant();
    const bench = await startBench({ plants: [broken] });
    broken.view = () => {
      throw new Error('the plant is on fire');
    };
    const error = await failure(
      bench.ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] })),
    );
    expect([error.name, error.message]).toEqual(['InternalFailure', 'Error: the plant is on fire']);
    await bench.close();
  });
});

describe('where it listens', () => {
  test('on loopback alone', async () => {
    const cloud = await startLocalCloud({ plants: [] });
    for (const endpoint of [cloud.endpoint, cloud.dynamoEndpoint]) {
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const { port } = new URL(endpoint);
      expect(await connects('127.0.0.1', port)).toBe(true);
      expect(await connects('127.0.0.2', port)).toBe(false);
    }
    await cloud.close();
  });

  test('a port that is taken is bad input, with its mend', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const error = await failure(startLocalCloud({ plants: [], port }));
    expect(error).toBeInstanceOf(BadInput);
    expect(error.message).toBe(
      `port: ${port} on 127.0.0.1 is already taken; stop the program that listens there, or choose another port (0 takes any free one)`,
    );
    other.close();
  });

  test.each([-1, 65_536, 80.5])('%d is not a port', async (port) => {
    expect(await failure(startLocalCloud({ plants: [], port }))).toBeInstanceOf(BadInput);
  });

  test('two plants of one name are a mistake of the caller', async () => {
    const error = await failure(startLocalCloud({ plants: [stubPlant(), stubPlant()] }));
    expect(error.message).toBe('two plants are called prod/checkout');
  });

  test('it closes with a call still hanging, and twice does no harm', async () => {
    const bench = await startBench({ plants: [stubPlant()] });
    bench.cloud.faults.next('DescribeServices', { kind: 'hang' });
    const call = failure(bench.ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] })));
    while (bench.cloud.calls.of('DescribeServices') === 0) await new Promise((resolve) => setImmediate(resolve));
    await bench.cloud.close();
    expect((await call).message).toContain('socket hang up');
    await bench.close();
    expect(await connects('127.0.0.1', new URL(bench.cloud.endpoint).port)).toBe(false);
  });
});
