/** Pieces of sentences that several rules share. */
import { number } from '../explain.ts';
import type { Point } from './steady.ts';

/** `cpu 35, mem 90`. */
export function pointText(point: Point): string {
  return Object.entries(point)
    .map(([name, value]) => `${name} ${number(value)}`)
    .join(', ');
}

/** `1 task`, `2 tasks`. */
export function tasksText(count: number): string {
  return `${count} ${count === 1 ? 'task' : 'tasks'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
