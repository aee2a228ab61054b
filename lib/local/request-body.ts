/** Reads one request's body to its end, within a limit, and unpacks it where the client packed it. */
import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { AwsError, serializationError } from './aws-error.ts';

/** CloudWatch takes 1 MB, packed or unpacked; no call of ours is near it. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<string> {
  const packed = await readBytes(request);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return packed.toString('utf8');
  if (encoding !== 'gzip') throw serializationError(`The local cloud does not unpack content-encoding ${encoding}.`);
  return unpack(packed);
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_LIMIT_BYTES) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function unpack(packed: Buffer): string {
  try {
    return gunzipSync(packed, { maxOutputLength: BODY_LIMIT_BYTES }).toString('utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw serializationError('The body says it is gzip and is not.');
  }
}

function tooLarge(): AwsError {
  return new AwsError(413, 'RequestEntityTooLargeException', `Request size exceeded ${BODY_LIMIT_BYTES} bytes.`);
}
