/** Reads fields of JSON that somebody else wrote. A fault names the field, its value and the mend. */

/** One line cannot be read; the message follows its number. */
export class BadLine extends Error {}

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, name: string, example: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw bad(name, value, `write an object, as in ${example}`);
}

/** `null`, which some languages write for what is absent, is absent. */
export function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? (fields[key] ?? undefined) : undefined;
}

/** A whole number of tasks, or the default where it is absent. */
export function countOf(fields: Fields, key: string, name: string, absent?: number): number {
  const value = own(fields, key);
  if (value === undefined && absent !== undefined) return absent;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TASKS) return value;
  throw bad(name, value, `write a whole number from 0 to ${MOST_TASKS}`);
}

const MOST_TASKS = 1_000_000;

/** Epoch milliseconds, of any time that a calendar has. */
export function instantOf(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LATEST) return value;
  throw bad(name, value, 'write milliseconds since 1970-01-01T00:00:00Z');
}

/** The year 9999: what is later is microseconds or a slip. */
const LATEST = 253_402_300_799_999;

export function secondsOf(value: unknown, name: string, most: number): number {
  if (typeof value === 'number' && value > 0 && value <= most) return value;
  throw bad(name, value, `write seconds above 0, at most ${most}`);
}

export function truthOf(value: unknown, name: string, absent: boolean): boolean {
  if (value === undefined) return absent;
  if (typeof value === 'boolean') return value;
  throw bad(name, value, 'write true or false');
}

export function textOf(value: unknown, name: string, absent?: string): string {
  if (value === undefined && absent !== undefined) return absent;
  if (typeof value === 'string') return value;
  throw bad(name, value, 'write a text');
}

export function bad(name: string, value: unknown, mend: string): BadLine {
  if (value === undefined) return new BadLine(`${name} is missing; ${mend}`);
  const text = JSON.stringify(value) ?? String(value);
  return new BadLine(`${name} is ${text.length <= 60 ? text : `${text.slice(0, 57)}…`}; ${mend}`);
}
