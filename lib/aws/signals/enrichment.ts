/**
 * Are CloudWatch's own metrics to be had through its PromQL? Where enrichment runs they are, at a price by the sample instead of one by the
 * metric. It is a setting of the whole account with a bill of its own: here it is only looked at, never switched.
 */
import { type CloudWatchClient, GetOTelEnrichmentCommand } from '@aws-sdk/client-cloudwatch';
import { clauseOf, limited } from '../call.ts';

export type Enrichment =
  /** `filtered`: only some metrics, as the account says. */
  | { readonly kind: 'running'; readonly filtered: boolean }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'unknown'; readonly cause: string };

/** Needs `cloudwatch:GetOTelEnrichment`. Throws only the abort's reason. */
export async function probeEnrichment(
  client: CloudWatchClient,
  callMs: number,
  abort: AbortSignal,
): Promise<Enrichment> {
  try {
    const answer = await limited(callMs, abort, (abortSignal) =>
      client.send(new GetOTelEnrichmentCommand({}), { abortSignal }),
    );
    const { Status, IncludeFilters = [], ExcludeFilters = [] } = answer;
    if (Status === 'Running') return { kind: 'running', filtered: IncludeFilters.length + ExcludeFilters.length > 0 };
    return Status === 'Stopped'
      ? { kind: 'stopped' }
      : { kind: 'unknown', cause: `CloudWatch answered with the status ${Status}` };
  } catch (error) {
    if (abort.aborted) throw error;
    return { kind: 'unknown', cause: clauseOf(error) };
  }
}
