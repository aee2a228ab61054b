/** What one service of the local cloud is to the server: its names on the wire and its operations. */
import type { AwsError } from './aws-error.ts';
import type { JsonObject } from './json-input.ts';
import type { Operation } from './operations.ts';

/** Answers with the output's JSON, or throws an `AwsError`. Never waits: virtual time stands still while it runs. */
export type Answer = (input: JsonObject) => object;

interface ServiceParts {
  /** In the credential scope. */
  readonly signingName: string;
  readonly operations: ReadonlyMap<Operation, Answer>;
  /** The service's own words for the scripted faults. */
  readonly refusals: Readonly<Record<Refusal, (operation: Operation) => AwsError>>;
}

/** AWS JSON 1.0 and 1.1. */
export interface JsonService extends ServiceParts {
  readonly protocol: 'json';
  /** Of `X-Amz-Target`, before the dot. */
  readonly targetPrefix: string;
  readonly contentType: 'application/x-amz-json-1.0' | 'application/x-amz-json-1.1';
  /** The namespace before `#` in `__type`; absent where the service sends the bare name. */
  readonly errorNamespace?: string;
}

/** The AWS query protocol: a form goes in, XML comes out. */
export interface QueryService extends ServiceParts {
  readonly protocol: 'query';
  /** EC2 writes its lists and errors in its own way. */
  readonly flavour?: 'ec2';
  /** Of the form's field `Version`. */
  readonly version: string;
  readonly xmlNamespace: string;
}

export type AwsService = JsonService | QueryService;

export type Refusal = 'throttle' | 'serverError' | 'accessDenied';
