/** For what must be taken back also where the tick was aborted: its lease, and a change that was announced and not sent. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal;
