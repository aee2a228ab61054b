/** What a command says when it cannot go on, and the exit code that goes with it. */
import { BadInput } from '../policy/bad-input.ts';
import { Interrupted } from './simulate/interrupted.ts';

/** Interrupted: as shells have it, 128 and the number of SIGINT. */
export const EXIT = Object.freeze({ done: 0, fault: 1, badInput: 2, interrupted: 130 });

/** One line on `stderr`: the sentence of bad input, else the fault, with its stack where somebody asked for it. */
export function complain(error: unknown, stderr: { write(text: string): unknown }, verbose = false): number {
  const fault = error instanceof Error ? error : new Error(String(error));
  stderr.write(`${fault.message.replace(/\s*\n\s*/g, ' ')}\n`);
  if (fault instanceof BadInput) return EXIT.badInput;
  if (fault instanceof Interrupted) return EXIT.interrupted;
  if (verbose) stderr.write(`${stacks(fault)}\n`);
  return EXIT.fault;
}

function stacks(fault: Error): string {
  const own = fault.stack ?? fault.message;
  return fault.cause instanceof Error ? `${own}\ncaused by: ${stacks(fault.cause)}` : own;
}
