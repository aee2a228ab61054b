/** The parts that several CloudWatch requests share, and CloudWatch's own words for what is wrong with them. */
import { AwsError } from '../aws-error.ts';
import { asObject, type JsonObject, list, text } from '../json-input.ts';

export const NAMESPACE = 'com.amazonaws.cloudwatch';

/** `ValidationError` in the query protocol and in AWS's own documents, `ValidationException` in the model of the JSON one. */
export function validationError(message: string): AwsError {
  return new AwsError(400, 'ValidationException', message, 'ValidationError');
}

export function missing(parameter: string): AwsError {
  const message = `The parameter ${parameter} is required.`;
  return new AwsError(400, 'MissingRequiredParameterException', message, 'MissingParameter');
}

export function invalidValue(value: string, parameter: string): AwsError {
  const message = `The value ${value} for parameter ${parameter} is invalid.`;
  return new AwsError(400, 'InvalidParameterValueException', message, 'InvalidParameterValue');
}

export function invalidNextToken(): AwsError {
  return new AwsError(400, 'InvalidNextToken', 'Invalid nextToken', 'InvalidNextToken');
}

export function requiredText(input: JsonObject, field: string, path = field): string {
  const value = text(input, field);
  if (value === undefined || value === '') throw missing(path);
  return value;
}

export function dimensionsOf(input: JsonObject): Readonly<Record<string, string>> {
  const dimensions = (list(input, 'Dimensions') ?? []).map((one) => asObject(one, 'Dimension'));
  return Object.fromEntries(dimensions.map((one) => [requiredText(one, 'Name'), requiredText(one, 'Value')]));
}
