/** One POST to a Prometheus: bounded in time and bytes, never redirected, and its failure in one clause. */
import { clauseOf, limited, nameOf } from '../../call.ts';

const REPLY_LIMIT_BYTES = 10 * 1024 * 1024;

export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly json: unknown;
      readonly bytes: number;
      readonly date: number | undefined;
    }
  | { readonly kind: 'unanswered'; readonly cause: string };

/** Throws only the abort's reason. */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  limitMs: number,
  abort: AbortSignal,
): Promise<Reply> {
  try {
    return await limited(limitMs, abort, async (signal) => {
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      if (response.status >= 300 && response.status < 400) return redirected(response);
      return await readReply(response);
    });
  } catch (error) {
    if (abort.aborted) throw error;
    return { kind: 'unanswered', cause: clauseOf(rootOf(error)) };
  }
}

/** `fetch failed` says nothing; its cause does. By shape, as `nameOf`. */
function rootOf(error: unknown): unknown {
  const cause: unknown = nameOf(error) === 'TypeError' ? Reflect.get(error as object, 'cause') : undefined;
  return cause ?? error;
}

async function redirected(response: Response): Promise<Reply> {
  await response.body?.cancel();
  const where = response.headers.get('location') ?? 'nowhere';
  return { kind: 'unanswered', cause: `it answered with a redirect to ${where}, which is not followed` };
}

async function readReply(response: Response): Promise<Reply> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > REPLY_LIMIT_BYTES) {
      return { kind: 'unanswered', cause: `its reply is larger than ${REPLY_LIMIT_BYTES / 1024 / 1024} MB` };
    }
    chunks.push(chunk);
  }
  const { status } = response;
  const date = Date.parse(response.headers.get('date') ?? '');
  try {
    const json: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return { kind: 'answered', status, json, bytes, date: Number.isNaN(date) ? undefined : date };
  } catch {
    return { kind: 'unanswered', cause: `it answered with HTTP ${status} and no JSON` };
  }
}
