/** What the deployed tick meets: the local cloud with a service that is too hot, a table, and AppConfig. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf } from '../../../lib/aws/table.ts';
import { createLocalTable } from '../../../lib/cli/local-table.ts';
import { type LocalCloud, startLocalCloud } from '../../../lib/local/cloud.ts';
import type { Plant } from '../../../lib/sim/types.ts';
import { startAppConfig } from '../../aws/appconfig.ts';
import { HOT_POLICY, hotPlant } from '../../support/hot-service.ts';
import { type Deployed, synthesizeDeployed } from './asset.ts';
import { runtimeClient } from './ric.ts';
import { type LambdaFunction, lambdaFunction } from './sandbox.ts';

const REGION = 'us-east-1';

export interface Stage {
  readonly cloud: LocalCloud;
  readonly plant: Plant;
  readonly deployed: Deployed;
  /** The function, with the template's time limit or another. */
  start(timeoutMs?: number): LambdaFunction;
  /** As after a minute in which nobody gave the lease back. */
  passLease(): Promise<void>;
  close(): Promise<void>;
}

export async function createStage(): Promise<Stage> {
  // Before the service: while the client is compiled, its datapoints would get too old to be believed.
  runtimeClient();
  const deployed = synthesizeDeployed(HOT_POLICY);
  const plant = hotPlant(Date.now());
  const cloud = await startLocalCloud({ plants: [plant], region: REGION });
  const TableName = deployed.variables.TABLE_NAME ?? '';
  await createLocalTable(cloud.dynamoEndpoint, REGION, 'Table');
  const appConfig = await startAppConfig();
  appConfig.configure(deployed.configuration);
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };
  const dynamodb = new DynamoDBClient({ endpoint: cloud.dynamoEndpoint, region: REGION, credentials });
  const variables = {
    ...deployed.variables,
    TABLE_NAME: TableName.replace(/[<>]/g, ''),
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamoEndpoint,
    AWS_ENDPOINT_URL_APPCONFIGDATA: appConfig.endpoint,
  };
  const functions: LambdaFunction[] = [];
  return {
    ...{ cloud, plant, deployed },
    start(timeoutMs = deployed.timeoutMs) {
      const started = lambdaFunction({ folder: deployed.folder, variables, timeoutMs });
      functions.push(started);
      return started;
    },
    async passLease() {
      const passed = { '#until': 'until' };
      const values = { ':long': { N: '1' } };
      const update = { UpdateExpression: 'SET #until = :long', ExpressionAttributeNames: passed };
      await dynamodb.send(
        new UpdateItemCommand({
          ...{ TableName: 'Table', Key: keyOf('lease', '0') },
          ...{ ...update, ExpressionAttributeValues: values },
        }),
      );
    },
    async close() {
      await Promise.all(functions.map((one) => one.close()));
      dynamodb.destroy();
      await appConfig.close();
      await cloud.close();
      deployed.remove();
    },
  };
}
