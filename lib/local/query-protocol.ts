/** The AWS query protocol: fields of a form become the input's structure, the output's structure becomes XML. */
import { type AwsError, serializationError } from './aws-error.ts';
import type { QueryService } from './aws-service.ts';
import type { Json, JsonObject } from './json-input.ts';

/** `A.member.1=x` is a list, `A.B=x` a structure. `Action` and `Version` are not of the input. */
export function inputOfForm(form: URLSearchParams): JsonObject {
  const input: Record<string, Json> = {};
  for (const [field, value] of form) {
    if (field !== 'Action' && field !== 'Version') put(input, field.split('.'), value, field);
  }
  return input;
}

function put(into: Record<string, Json>, [name = '', ...path]: readonly string[], value: string, field: string): void {
  if (path.length === 0) {
    into[name] = value;
    return;
  }
  if (path[0] !== 'member') {
    const inner = (into[name] ?? {}) as Record<string, Json>;
    into[name] = inner;
    put(inner, path, value, field);
    return;
  }
  const [, index, ...rest] = path;
  if (!/^[1-9]\d{0,3}$/.test(index ?? '') || rest.length > 0) {
    throw serializationError(`The field ${field} is not a list of plain values.`);
  }
  const list = (into[name] ?? []) as Json[];
  list[Number(index) - 1] = value;
  into[name] = list;
}

export function xmlOfOutput(service: QueryService, operation: string, output: object, requestId: string): string {
  if (service.flavour === 'ec2') {
    const inner = `<requestId>${requestId}</requestId>${xmlOf(output, 'item')}`;
    return `<${operation}Response xmlns="${service.xmlNamespace}">${inner}</${operation}Response>`;
  }
  return (
    `<${operation}Response xmlns="${service.xmlNamespace}">` +
    `<${operation}Result>${xmlOf(output)}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

export function xmlOfError(
  { xmlNamespace: namespace, flavour }: QueryService,
  { status, code, message }: AwsError,
  requestId: string,
): string {
  if (flavour === 'ec2') {
    const error = xmlOf({ Code: code, Message: message });
    return `<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  }
  const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
  return `<ErrorResponse xmlns="${namespace}"><Error>${xmlOf(error)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function xmlOf(value: unknown, tag = 'member'): string {
  if (Array.isArray(value)) return value.map((item) => `<${tag}>${xmlOf(item, tag)}</${tag}>`).join('');
  if (typeof value !== 'object' || value === null) return escaped(String(value));
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([name, inner]) => `<${name}>${xmlOf(inner, tag)}</${name}>`)
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}
