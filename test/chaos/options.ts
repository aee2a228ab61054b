/** `--runs N --seed S`, or `--mutants --page FILE`, or a sentence about what is wrong with them. */
import { parseArgs } from 'node:util';
import { BadInput } from '../../lib/policy/bad-input.ts';

export interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly mutants: boolean;
  /** Where the mutants are written as a page. */
  readonly page?: string;
}

const RUNS = 100_000;
const LARGEST_SEED = 2 ** 31 - 1;

export function optionsFrom(args: readonly string[], anySeed: number): Options {
  const { runs, seed, mutants = false, page } = parsed(args);
  if (page !== undefined && !mutants) throw new BadInput('--page is about mutants; say --mutants too.');
  return {
    runs: runs === undefined ? RUNS : wholeNumber('--runs', runs, 1, 1e9),
    seed: seed === undefined ? anySeed % LARGEST_SEED : wholeNumber('--seed', seed, 0, LARGEST_SEED),
    mutants,
    ...(page === undefined ? {} : { page }),
  };
}

function parsed(args: readonly string[]) {
  try {
    const options = {
      runs: { type: 'string' },
      seed: { type: 'string' },
      mutants: { type: 'boolean' },
      page: { type: 'string' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new BadInput(`${what} Known are --runs N, --seed S, --mutants and --page FILE.`, { cause });
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new BadInput(`${name} is "${text}"; give a whole number from ${least} to ${most}.`);
}
