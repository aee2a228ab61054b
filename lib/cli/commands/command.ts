/** What every command of `schmitt` is given, and how it answers. */
import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';

export interface Terminal {
  readonly in: Readable;
  readonly out: Writable;
  readonly err: Writable;
}

/** Adds one command to the program. Its action calls `done` with the exit code, or throws; `BadInput` becomes exit 2. */
export type AddCommand = (program: Command, terminal: Terminal, done: (exitCode: number) => void) => void;
