/** The clients of the hourly checks and of takeovers. The tick has none of them. */
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { awsClients, type ClientOptions, type Clients, configOf, type Endpoints } from '../clients.ts';

export interface HeadroomEndpoints extends Endpoints {
  readonly ec2?: string;
  readonly scaling?: string;
}

export interface HeadroomClientOptions extends ClientOptions {
  readonly endpoints?: HeadroomEndpoints;
}

export interface HeadroomClients extends Clients {
  readonly ec2: EC2Client;
  readonly scaling: ApplicationAutoScalingClient;
}

export function headroomClients(options: HeadroomClientOptions): HeadroomClients {
  const clients = awsClients(options);
  const ec2 = new EC2Client(configOf(options, clients.limits, options.endpoints?.ec2));
  const scaling = new ApplicationAutoScalingClient(configOf(options, clients.limits, options.endpoints?.scaling));
  return {
    ...clients,
    ec2,
    scaling,
    close: () => {
      for (const client of [ec2, scaling]) client.destroy();
      clients.close();
    },
  };
}
