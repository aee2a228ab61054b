/** Which keys the schema knows at a place of a document, for "did you mean". Asked for problems only. */
import type { Path } from './problem.ts';
import { policyJsonSchema } from './schema.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
}

let root: JsonSchema | undefined;

/** The keys that could stand at `path` of `document` beside those that do, in the order of the schema. */
export function knownAt(path: Path, document: unknown): readonly string[] {
  const { schemas, value } = descend(path, document);
  const present = keysOf(value);
  const keys = narrowed(schemas, value).flatMap(({ properties = {} }) => Object.keys(properties));
  return [...new Set(keys)].filter((key) => !present.includes(key) && key !== '$schema');
}

/** The required keys of each member where a union of maps stands at `path`; empty elsewhere. */
export function requiredByMember(path: Path, document: unknown): readonly (readonly string[])[] {
  const members = descend(path, document).schemas.filter(({ properties }) => properties !== undefined);
  return members.length < 2 ? [] : members.map(({ required = [] }) => required);
}

interface Here {
  readonly schemas: readonly JsonSchema[];
  readonly value: unknown;
}

function descend(path: Path, document: unknown): Here {
  root ??= policyJsonSchema() as JsonSchema;
  return path.reduce<Here>(
    ({ schemas, value }, step) => ({
      schemas: narrowed(schemas, value).flatMap((schema) => membersOf(below(schema, step))),
      value: childOf(value, step),
    }),
    { schemas: [root], value: document },
  );
}

/** Of a union the members that the value's keys choose; all maps among them where they choose none. */
function narrowed(schemas: readonly JsonSchema[], value: unknown): readonly JsonSchema[] {
  const present = keysOf(value);
  const chosen = schemas.filter(({ required = [] }) => required.some((key) => present.includes(key)));
  return schemas.length < 2 || chosen.length === 0 ? schemas : chosen;
}

function below(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items;
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, step)) return schema.properties[step];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

const membersOf = (schema: JsonSchema | undefined): readonly JsonSchema[] =>
  schema === undefined ? [] : (schema.anyOf ?? [schema]);

const isHolder = (value: unknown): value is Readonly<Record<string | number, unknown>> =>
  typeof value === 'object' && value !== null;

const keysOf = (value: unknown): readonly string[] => (isHolder(value) ? Object.keys(value) : []);

/** Undefined where there is no such child. */
export function childOf(value: unknown, step: string | number): unknown {
  return isHolder(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
