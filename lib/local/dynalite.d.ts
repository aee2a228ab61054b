/** dynalite has no types of its own; this is the part the local cloud uses. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long tables stay in CREATING, UPDATING and DELETING, in milliseconds. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }

  /** A server that is not listening yet; without a `path` its tables live in memory. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
