/** What is believed of a stored value: checks that answer with one clause for the operator. */

/** Undefined: nothing is wrong. Else one clause that begins with the place. */
export type Check = (where: string, value: unknown) => string | undefined;

/** `what`: what it should be, after `not`. */
export function check(good: (value: unknown) => boolean, what: string): Check {
  return (where, value) => expected(where, value, good(value), what);
}

export function optional(present: Check): Check {
  return (where, value) => (value === undefined ? undefined : present(where, value));
}

export function object(checks: Readonly<Record<string, Check>>): Check {
  return (where, value) => fields(where, value, checks);
}

export function format(known: number): Check {
  return (where, value) => (value === known ? undefined : formatFault(where, value, known));
}

export function fields(where: string, value: unknown, checks: Readonly<Record<string, Check>>): string | undefined {
  if (!isRecord(value)) return expected(where, value, false, 'an object');
  for (const [name, one] of Object.entries(checks)) {
    const fault = one(where === 'its text' ? name : `${where}.${name}`, value[name]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

export function expected(where: string, value: unknown, good: boolean, what: string): string | undefined {
  return good ? undefined : `${where} is ${show(value)}, not ${what}`;
}

export function formatFault(what: string, found: unknown, known: number): string {
  if (isNumber(found) && found > known)
    return `${what} is ${found}, newer than ${known}, the newest this version reads`;
  return `${what} is ${show(found)}, not ${known}`;
}

export function isListOf(value: unknown, isItem: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(isItem);
}

export function isMapOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(isItem);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 40);
}

export const number = check(isNumber, 'a number');
export const optionalNumber = optional(number);
export const numbers = check((value) => isListOf(value, isNumber), 'a list of numbers');
export const text = check(isText, 'a text');
