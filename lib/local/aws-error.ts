/** An answer that is an error of AWS's own: what the SDK turns into a named exception. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly status: number;
  readonly code: string;
  /** CloudWatch came from the query protocol, and its clients still read the code of that time. */
  readonly queryCode: string | undefined;

  constructor(status: number, code: string, message: string, queryCode?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.queryCode = queryCode;
  }
}

/** The request's JSON is not of the operation's shape. */
export function serializationError(message: string): AwsError {
  return new AwsError(400, 'SerializationException', message);
}

/** There is no such operation here; says which. */
export function unknownOperation(what: string): AwsError {
  return new AwsError(400, 'UnknownOperationException', `The local cloud has no operation ${what}.`);
}
