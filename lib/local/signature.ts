/** Looks at the shape of a Signature Version 4, not at its secret: a call that AWS would turn away unread is turned away here. */
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.ts';

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^/\s,]+\/(\d{8})\/([^/\s,]+)\/([^/\s,]+)\/aws4_request,\s*SignedHeaders=([^\s,]+),\s*Signature=[0-9a-f]{64}$/;

/** Throws the error AWS would answer; returns for a request that is signed for this service and region. */
export function checkSignature(headers: IncomingHttpHeaders, service: string, region: string): void {
  const { authorization } = headers;
  if (authorization === undefined) {
    throw new AwsError(400, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [, date, signedRegion, signedService, signedHeaders] = AUTHORIZATION.exec(authorization) ?? [];
  const sentAt = headers['x-amz-date'];
  if (date === undefined || typeof sentAt !== 'string') {
    const lacks = date === undefined ? 'a Signature Version 4' : 'an X-Amz-Date header';
    throw new AwsError(400, 'IncompleteSignatureException', `The request has no ${lacks}: ${authorization}`);
  }
  const wrong = [
    signedService === service ? '' : `Credential should be scoped to correct service: '${service}'. `,
    signedRegion === region ? '' : `Credential should be scoped to a valid region, not '${signedRegion}'. `,
    sentAt.startsWith(date) ? '' : `Date in Credential scope does not match the date of the request: '${date}'. `,
    signedHeaders?.split(';').includes('host') ? '' : `'Host' must be a 'SignedHeader' in the AWS Authorization. `,
  ].join('');
  if (wrong !== '') throw new AwsError(400, 'InvalidSignatureException', wrong.trim());
}
