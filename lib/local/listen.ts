/** Opens and closes a server on the loopback address alone: nobody else on the network can reach it. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadInput } from '../policy/bad-input.ts';

const LOOPBACK = '127.0.0.1';

/** Answers with the endpoint. Port 0: any free one. */
export function listen(server: Server, port: number): Promise<string> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new BadInput(`port: ${port} is not a port; give a whole number from 0 (any free port) to 65535`);
  }
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, port)));
    server.listen(port, LOOPBACK, () => {
      const { port: opened } = server.address() as AddressInfo;
      resolve(`http://${LOOPBACK}:${opened}`);
    });
  });
}

/** Ends every connection, also those that wait for an answer that never comes. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined || error === null || (error as NodeJS.ErrnoException).code === 'ERR_SERVER_NOT_RUNNING') {
        resolve();
      } else reject(error);
    });
    server.closeAllConnections();
  });
}

function refusal(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    const mend = 'stop the program that listens there, or choose another port (0 takes any free one)';
    return new BadInput(`port: ${port} on ${LOOPBACK} is already taken; ${mend}`);
  }
  if (error.code === 'EACCES') {
    return new BadInput(
      `port: ${port} needs rights this user does not have; choose one above 1023, or 0 for any free one`,
    );
  }
  return new Error(`the local cloud cannot listen on ${LOOPBACK}:${port}`, { cause: error });
}
