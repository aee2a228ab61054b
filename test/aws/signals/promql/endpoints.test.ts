/** How the function's configuration names Prometheus servers, and how a signed door lets us in. */
import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import {
  amazonManagedPrometheus,
  cloudWatchPromql,
  parsePrometheusEndpoints,
} from '../../../../lib/aws/signals/promql/endpoints.ts';
import { post } from '../../../../lib/aws/signals/promql/fetch.ts';
import { authorizationHeaders } from '../../../../lib/aws/signals/promql/sign.ts';
import { startPromqlProxy } from '../../../../lib/local/promql-proxy.ts';
import { close, listen } from '../../wire.ts';

const ENVIRONMENT = { PROM_TOKEN: 'secret' };

describe('endpoints', () => {
  test('are workspaces, CloudWatch, or an address with or without a secret', () => {
    const text = JSON.stringify({
      amp: { workspace: 'ws-1', region: 'eu-west-1' },
      aws: { cloudwatch: 'eu-west-1', scope: { '@resource.service': '{service}' } },
      own: { url: 'https://prom.internal/base/', bearerFrom: 'PROM_TOKEN' },
      old: { url: 'http://prom:9090', user: 'anna', passwordFrom: 'PROM_TOKEN' },
      open: { url: 'http://prom:9090' },
    });
    expect(parsePrometheusEndpoints(text, ENVIRONMENT)).toMatchObject({
      amp: amazonManagedPrometheus('ws-1', 'eu-west-1'),
      aws: { ...cloudWatchPromql('eu-west-1'), scope: { '@resource.service': '{service}' } },
      own: { url: 'https://prom.internal/base', authorization: { kind: 'bearer', token: expect.any(Function) } },
      old: { authorization: { kind: 'basic', user: 'anna' } },
      open: { url: 'http://prom:9090', authorization: { kind: 'none' } },
    });
  });

  test.each([
    ['{', 'not JSON'],
    ['[]', 'not an object'],
    ['{"a":1}', 'endpoint a: not an object'],
    ['{"a":{"ulr":"x"}}', 'endpoint a: field ulr is not one of'],
    ['{"a":{"workspace":"ws-1"}}', 'endpoint a: says neither workspace and region'],
    ['{"a":{"url":"prom:9090"}}', 'endpoint a: field url is "prom:9090"'],
    ['{"a":{"url":"http://u:p@prom"}}', 'endpoint a: field url is'],
    ['{"a":{"url":"http://p","bearerFrom":"NONE"}}', 'there is no such environment variable'],
    ['{"a":{"url":7}}', 'endpoint a: field url is 7; write a text'],
    ['{"a":{"url":"http://p","scope":{"x":1}}}', 'field scope is no map of labels'],
  ])('%s: %s', (text, sentence) => {
    expect(() => parsePrometheusEndpoints(text, ENVIRONMENT)).toThrow(sentence);
  });
});

describe('a door that checks Signature Version 4', () => {
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'right' };
  const body = new URLSearchParams({ query: 'sum(up{job="a b"})', start: '1', end: '2', step: '1' }).toString();

  async function knock(service: 'monitoring' | 'aps', region: string, secretAccessKey: string, sent = body) {
    const behind = createServer((_, response) => response.end('{"status":"success","data":{"result":[]}}'));
    const prometheus = await listen(behind);
    const door = await startPromqlProxy({
      prometheus,
      service: 'aps',
      region: 'eu-west-1',
      ...credentials,
      prefix: '/workspaces/ws-1',
    });
    const url = new URL(`${door.endpoint}/api/v1/query_range`);
    const provider = async () => ({ ...credentials, secretAccessKey });
    const headers = await authorizationHeaders({ kind: 'sigv4', service, region }, url, body, provider);
    const reply = await post(url, headers, sent, 5000, new AbortController().signal);
    await door.close();
    await close(behind);
    return reply;
  }

  test('lets the SDK’s own signer in', async () => {
    expect(await knock('aps', 'eu-west-1', 'right')).toMatchObject({ kind: 'answered', status: 200 });
  });

  test.each([
    ['another secret', ['aps', 'eu-west-1', 'wrong'], 'signature we calculated does not match'],
    ['another service', ['monitoring', 'eu-west-1', 'right'], "correct service: 'aps'"],
    ['another Region', ['aps', 'us-east-1', 'right'], "valid region: 'eu-west-1'"],
    ['another body', ['aps', 'eu-west-1', 'right', `${body}&x=1`], 'does not match its'],
  ] as const)('keeps out %s', async (_, [service, region, secret, sent], words) => {
    const reply = await knock(service, region, secret, sent ?? body);
    expect(reply).toMatchObject({ kind: 'answered', status: 403, json: { error: expect.stringContaining(words) } });
  });
});
