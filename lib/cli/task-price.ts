/** What an hour of a task costs, by its size at Fargate's list price. */
import type { Asked } from '../aws/headroom/asked.ts';
import type { TaskFacts } from '../aws/task-facts.ts';
import type { TaskPrice } from '../report/backtest/backtested.ts';

/** Dollars an hour of a vCPU and of a GB: list price of us-east-1, Linux, 2026-09. */
const FARGATE = {
  X86_64: { vcpu: 0.04048, gb: 0.004445 },
  ARM64: { vcpu: 0.03238, gb: 0.00356 },
} as const;

type Size = Pick<TaskFacts, 'vcpus' | 'gb' | 'architecture'>;

/** Where a task's own is not known. */
const COMMON: Size = { vcpus: 1, gb: 2, architecture: 'X86_64' };

/** As the operator gave it. */
export function givenPrice(dollarsPerHour: number): TaskPrice {
  return { dollarsPerHour, why: 'as --price says' };
}

/** What does not run on Fargate is priced as if it did: instances are paid whole, whatever runs on them. */
export function taskPriceOf(task: Asked<TaskFacts>): TaskPrice {
  if (task.kind === 'unknown') {
    const why = `${sizeWords(COMMON)} ${LISTED}, since its own task definition was not told (${task.cause})`;
    return { dollarsPerHour: dollarsOf(COMMON), why };
  }
  const { providers, isWindows } = task.value;
  const isFargate = providers.every((provider) => provider.startsWith('FARGATE'));
  const words = [
    `${sizeWords(task.value)} ${isFargate ? LISTED : 'at what Fargate would charge in us-east-1, though instances are paid whole'}`,
    ...(providers.includes('FARGATE_SPOT') ? ['without the discount of Spot'] : []),
    ...(isWindows ? ['as of Linux; Windows costs more'] : []),
  ];
  return { dollarsPerHour: dollarsOf(task.value), why: words.join(', ') };
}

const LISTED = 'on Fargate, list price of us-east-1';

function dollarsOf({ vcpus, gb, architecture }: Size): number {
  return Number((vcpus * FARGATE[architecture].vcpu + gb * FARGATE[architecture].gb).toPrecision(12));
}

function sizeWords({ vcpus, gb, architecture }: Size): string {
  const amount = (value: number) => String(Number(value.toFixed(3)));
  return `${amount(vcpus)} vCPU and ${amount(gb)} GB${architecture === 'ARM64' ? ' of ARM' : ''}`;
}
