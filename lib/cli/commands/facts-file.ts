/** What is known of the services that policies are for: a JSON file, since `validate` asks nobody. */
import { BadInput } from '../../policy/bad-input.ts';
import type { ServiceFacts } from '../../policy/lint/warning.ts';
import { textOf } from './policy-files.ts';

/** `{ "prod/checkout": { "running": 60, "startSeconds": { "p50": 40, "p95": 95 } } }`. Throws `BadInput`. */
export function readFacts(file: string): Readonly<Record<string, ServiceFacts>> {
  let facts: unknown;
  try {
    facts = JSON.parse(textOf(file, 'a JSON file of what runs'));
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`--facts ${file}: this is no JSON (${(error as Error).message}); correct it.`, { cause: error });
  }
  if (!isMap(facts))
    throw new BadInput(`--facts ${file}: it is no map; write { "cluster/service": { "running": 4 } }.`);
  for (const [name, one] of Object.entries(facts)) refuseFault(file, name, one);
  return facts as Readonly<Record<string, ServiceFacts>>;
}

function refuseFault(file: string, name: string, one: unknown): void {
  const at = `--facts ${file}: ${JSON.stringify(name)}`;
  if (!isMap(one)) throw new BadInput(`${at} is no map; write { "running": 4 }.`);
  const { running, startSeconds } = one;
  if (running !== undefined && !isCount(running))
    throw new BadInput(`${at}.running is ${JSON.stringify(running)}; write a whole number of tasks.`);
  if (startSeconds !== undefined && !(isMap(startSeconds) && isCount(startSeconds.p50) && isCount(startSeconds.p95)))
    throw new BadInput(`${at}.startSeconds is ${JSON.stringify(startSeconds)}; write { "p50": 40, "p95": 95 }.`);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 0;
