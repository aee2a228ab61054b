/** The headers by which a Prometheus knows us. SigV4 is the SDK's own signer. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Authorization, Secret } from './endpoints.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type CredentialsProvider = () => Promise<AwsCredentials>;

export async function authorizationHeaders(
  authorization: Authorization,
  url: URL,
  body: string,
  credentials: CredentialsProvider,
): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  switch (authorization.kind) {
    case 'none':
      return headers;
    case 'bearer':
      return { ...headers, authorization: `Bearer ${await told(authorization.token)}` };
    case 'basic': {
      const pair = `${authorization.user}:${await told(authorization.password)}`;
      return { ...headers, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    }
    case 'sigv4': {
      const { service, region } = authorization;
      const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
      const signed = await signer.sign({
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        headers: { ...headers, host: url.host },
        body,
      });
      // `fetch` writes the host itself, as it was signed.
      const { host: _, ...others } = signed.headers;
      return others;
    }
  }
}

async function told(secret: Secret): Promise<string> {
  return typeof secret === 'string' ? secret : secret();
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** What the signer wants of a hash, from Node's own. */
class Sha256 {
  readonly #secret: Buffer | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#made();
  }

  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#made();
  }

  #made(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: Bytes): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
