/**
 * Stands for `@aws-sdk/endpoint-cache` in the bundles: the DynamoDB client makes one and asks it only where endpoint discovery is switched
 * on, which we never do. Saves 8 KB.
 */
export class EndpointCache {}
