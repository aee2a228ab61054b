/**
 * Signature Version 4 checked to the last bit, as AWS does: the canonical request is built anew and signed with the secret we know. Where
 * the rest of the local cloud looks at the shape only, this is for a door that a program knocks at with a signature of its own making.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Expected {
  readonly service: string;
  readonly region: string;
  secretOf(accessKeyId: string): string | undefined;
  now(): number;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/,\s]+)\/(?<date>\d{8})\/(?<region>[^/,\s]+)\/(?<service>[^/,\s]+)\/aws4_request, ?SignedHeaders=(?<signed>[^,\s]+), ?Signature=(?<signature>[0-9a-f]{64})$/;
const SKEW_LIMIT_MS = 5 * 60_000;

/** Undefined: the signature is right. Else why not, as a clause. */
export function signatureFault(request: SignedRequest, expected: Expected): string | undefined {
  const {
    key = '',
    date = '',
    region,
    service,
    signed = '',
    signature = '',
  } = AUTHORIZATION.exec(request.headers.authorization ?? '')?.groups ?? {};
  if (signature === '') return 'Missing Authentication Token';
  if (service !== expected.service) return `Credential should be scoped to correct service: '${expected.service}'`;
  if (region !== expected.region) return `Credential should be scoped to a valid region: '${expected.region}'`;
  const sentAt = String(request.headers['x-amz-date'] ?? '');
  const at = Date.parse(sentAt.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!sentAt.startsWith(date) || !(Math.abs(expected.now() - at) <= SKEW_LIMIT_MS)) return 'Signature expired';
  const names = signed.split(';');
  if (!names.includes('host')) return "'Host' must be a 'SignedHeader' in the AWS Authorization";
  const hash = request.headers['x-amz-content-sha256'];
  if (hash !== undefined && hash !== sha256(request.body)) return 'The body does not match its X-Amz-Content-Sha256';
  const secret = expected.secretOf(key);
  if (secret === undefined) return 'The security token included in the request is invalid';
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', sentAt, scope, sha256(canonicalRequest(request, names))].join('\n');
  const right = hmac(keyFor(secret, date, expected), toSign);
  return timingSafeEqual(right, Buffer.from(signature, 'hex'))
    ? undefined
    : 'The request signature we calculated does not match';
}

function canonicalRequest({ method, url, headers, body }: SignedRequest, names: readonly string[]): string {
  const { pathname, searchParams } = new URL(url, 'http://host');
  const query = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort();
  const lines = names.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/\s+/g, ' ')}\n`,
  );
  // Every service but S3 has the path encoded a second time.
  const path = pathname.split('/').map(encoded).join('/');
  return [method, path, query.join('&'), lines.join(''), names.join(';'), sha256(body)].join('\n');
}

function keyFor(secret: string, date: string, { region, service }: Expected): Buffer {
  return [date, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
