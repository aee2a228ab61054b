/** What is believed of a stored value: checks that answer with one clause for the operator. */

/** Undefined: nothing is wrong. Else one clause that begins with the place. */
export type Check = (where: string, value: unknown) => string | undefined;

export const number: Check = (where, value) => expected(where, value, isNumber(value), 'a number');
export const optionalNumber: Check = (where, value) => (value === undefined ? undefined : number(where, value));
export const text: Check = (where, value) => expected(where, value, typeof value === 'string', 'a text');
export const optionalText: Check = (where, value) => (value === undefined ? undefined : text(where, value));
export const mapOfTimes: Check = (where, value) =>
  expected(where, value, isRecord(value) && Object.values(value).every(isNumber), 'a map of times');

export function fields(where: string, value: unknown, checks: Readonly<Record<string, Check>>): string | undefined {
  if (!isRecord(value)) return expected(where, value, false, 'an object');
  for (const [name, check] of Object.entries(checks)) {
    const fault = check(where === 'its text' ? name : `${where}.${name}`, value[name]);
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

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 40);
}
