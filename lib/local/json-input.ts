/** Reads the fields of a request as the operation's model types them. Null means absent, as it does to AWS. */
import { serializationError } from './aws-error.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

const INT32_MAX = 2 ** 31 - 1;

export function parseJsonObject(text: string): JsonObject {
  let parsed: Json;
  try {
    parsed = text === '' ? {} : (JSON.parse(text) as Json);
  } catch (cause) {
    throw serializationError(`The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  return asObject(parsed, 'The body');
}

export function asObject(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw serializationError(`${what} is not a structure.`);
}

export function text(input: JsonObject, field: string): string | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw serializationError(`${nameOf(value)} can not be converted to a String: ${field}.`);
}

export function flag(input: JsonObject, field: string): boolean | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw serializationError(`${nameOf(value)} can not be converted to a Boolean: ${field}.`);
}

export function number(input: JsonObject, field: string): number | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined || typeof value === 'number') return value;
  throw serializationError(`${nameOf(value)} can not be converted to a Number: ${field}.`);
}

/** 32 bits, as the models' `Integer`. */
export function integer(input: JsonObject, field: string): number | undefined {
  const value = number(input, field);
  if (value === undefined || (Number.isInteger(value) && Math.abs(value) <= INT32_MAX)) return value;
  throw serializationError(`NUMBER_VALUE ${value} can not be converted to an Integer: ${field}.`);
}

export function list(input: JsonObject, field: string): readonly Json[] | undefined {
  const value = input[field] ?? undefined;
  if (value === undefined) return undefined;
  if (isList(value)) return value;
  throw serializationError(`${nameOf(value)} can not be converted to a List: ${field}.`);
}

export function texts(input: JsonObject, field: string): readonly string[] {
  return (list(input, field) ?? []).map((item) => {
    if (typeof item === 'string') return item;
    throw serializationError(`${nameOf(item)} can not be converted to a String: ${field}.`);
  });
}

export function numbers(input: JsonObject, field: string): readonly number[] | undefined {
  return list(input, field)?.map((item) => {
    if (typeof item === 'number') return item;
    throw serializationError(`${nameOf(item)} can not be converted to a Number: ${field}.`);
  });
}

export function object(input: JsonObject, field: string): JsonObject | undefined {
  const value = input[field] ?? undefined;
  return value === undefined ? undefined : asObject(value, field);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function nameOf(value: Json): string {
  if (isList(value)) return 'LIST_VALUE';
  return value === null ? 'NULL_VALUE' : `${typeof value}_VALUE`.toUpperCase();
}
