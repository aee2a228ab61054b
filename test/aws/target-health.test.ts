/** Target health as the unmodified client reads it from a wire. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { awsClients } from '../../lib/aws/clients.ts';
import { targetHealth } from '../../lib/aws/target-health.ts';
import type { TargetHealth } from '../../lib/loop/ports.ts';
import { CREDENTIALS, REGION } from './dynamodb.ts';

type Target = readonly [id: string, state: string, port?: number];

const member = ([id, state, port = 80]: Target) =>
  `<member><Target><Id>${id}</Id><Port>${port}</Port></Target><TargetHealth><State>${state}</State></TargetHealth></member>`;
const NAMESPACE = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';

function answerTo(group: string, groups: Readonly<Record<string, readonly Target[]>>): readonly [number, string] {
  const targets = groups[group];
  if (targets === undefined)
    return [
      400,
      `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>TargetGroupNotFound</Code><Message>gone</Message></Error></ErrorResponse>`,
    ];
  const list = `<TargetHealthDescriptions>${targets.map(member).join('')}</TargetHealthDescriptions>`;
  return [
    200,
    `<DescribeTargetHealthResponse xmlns="${NAMESPACE}"><DescribeTargetHealthResult>${list}</DescribeTargetHealthResult></DescribeTargetHealthResponse>`,
  ];
}

async function ask(
  groups: Readonly<Record<string, readonly Target[]>>,
  ...services: readonly (readonly string[])[]
): Promise<{ found: readonly TargetHealth[]; calls: number }> {
  let calls = 0;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      calls += 1;
      const [status, body] = answerTo(new URLSearchParams(text).get('TargetGroupArn') ?? '', groups);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const elb = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = awsClients({ region: REGION, credentials: CREDENTIALS, endpoints: { elb }, limits: { attempts: 1 } });
  try {
    return { found: await targetHealth(clients)(services, new AbortController().signal), calls };
  } finally {
    clients.close();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('target health', () => {
  test('counts who serves and who fails; those that start or drain are neither', async () => {
    const web: Target[] = [
      ['10.0.0.1', 'healthy'],
      ['10.0.0.2', 'unavailable'],
      ['10.0.0.3', 'unhealthy'],
      ['10.0.0.4', 'initial'],
      ['10.0.0.5', 'draining'],
    ];
    expect((await ask({ web }, ['web'])).found).toEqual([{ kind: 'known', inService: 2, unhealthy: 1 }]);
  });

  test('a task in two groups counts once, and serves where both find it healthy', async () => {
    const web: Target[] = [
      ['10.0.0.1', 'healthy'],
      ['10.0.0.2', 'healthy'],
    ];
    const admin: Target[] = [
      ['10.0.0.1', 'healthy', 81],
      ['10.0.0.2', 'initial', 81],
    ];
    expect((await ask({ web, admin }, ['web', 'admin'])).found).toEqual([
      { kind: 'known', inService: 1, unhealthy: 0 },
    ]);
  });

  test('while traffic shifts, the tasks of both groups are counted', async () => {
    const blue: Target[] = [['10.0.0.1', 'healthy']];
    const green: Target[] = [['10.0.0.2', 'healthy']];
    const { found } = await ask({ blue, green }, ['blue', 'green']);
    expect(found).toEqual([{ kind: 'known', inService: 2, unhealthy: 0 }]);
  });

  test('tasks on one instance differ by their ports', async () => {
    const web: Target[] = [
      ['i-1', 'healthy', 32001],
      ['i-1', 'healthy', 32002],
    ];
    expect((await ask({ web }, ['web'])).found).toEqual([{ kind: 'known', inService: 2, unhealthy: 0 }]);
  });

  test('a group that cannot be read, or that nobody sends traffic to, is unknown; the others are known', async () => {
    const idle: Target[] = [['10.0.0.1', 'unused']];
    const { found, calls } = await ask({ idle, web: [] }, ['gone'], ['idle'], ['web'], ['web']);
    expect(found).toEqual([
      { kind: 'unknown', cause: 'TargetGroupNotFoundException: gone' },
      { kind: 'unknown', cause: 'no listener sends traffic to its target groups' },
      { kind: 'known', inService: 0, unhealthy: 0 },
      { kind: 'known', inService: 0, unhealthy: 0 },
    ]);
    expect(calls).toBe(3);
  });
});
