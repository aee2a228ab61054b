/** ministack, an emulator of AWS that others wrote: installed from PyPI as `requirements.txt` pins it, and run on loopback in a folder of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { answering, freePort, notStarted } from '../support/loopback.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const REGION = 'us-east-1';
/** Without persistence it forgets everything when it ends. */
const ACCOUNT = '000000000000';

export interface Cloud {
  readonly endpoint: string;
  readonly environment: string;
  /** For the SDK and the CDK CLI. */
  readonly variables: Readonly<Record<string, string>>;
  /** Addresses that it, or anything that it started, listens on. */
  listens(): readonly string[];
  stop(): Promise<void>;
}

export async function startCloud(): Promise<Cloud> {
  const command = join(installed(), 'bin', 'ministack');
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // It leaves the code of functions and the like behind.
  const folder = mkdtempSync(join(tmpdir(), 'ministack-'));
  const settings = {
    ...{ BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1', GATEWAY_PORT: String(port), TMPDIR: folder },
    ...{ SFTP_ENABLED: '0', IOT_MTLS_ENABLED: '0', LAMBDA_EXECUTOR: 'local', MINISTACK_REGION: REGION },
    // Functions run on the Node of the PATH: ours.
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  };
  const child = spawn(command, { cwd: folder, stdio: 'ignore', env: { ...process.env, ...settings } });
  await Promise.race([answering('ministack', endpoint), notStarted(child, 'ministack', 'see requirements.txt')]);
  const { pid } = child;
  if (pid === undefined) throw new Error('ministack answers, and has no process');
  return {
    endpoint,
    environment: `aws://${ACCOUNT}/${REGION}`,
    variables: {
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_S3: endpoint, AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_EC2_METADATA_DISABLED: 'true' },
    },
    listens: () => familyOf(pid).flatMap(listeningOf),
    async stop() {
      const family = familyOf(pid);
      const ended = once(child, 'exit');
      for (const one of family) kill(one);
      await ended;
      rmSync(folder, { recursive: true, force: true });
      // It writes its number there, wherever its own folder is.
      rmSync(join(tmpdir(), `ministack-${port}.pid`), { force: true });
    },
  };
}

/** The folder of a virtual environment with it; one that is there already is used again. */
function installed(): string {
  const [requirement = ''] = readFileSync(REQUIREMENTS, 'utf8').trim().split('\n');
  const folder = join(ROOT, '.venv', requirement.replace('==', '-'));
  // The last thing that an installation makes: one that was cut off is made again.
  if (existsSync(join(folder, 'bin', 'ministack'))) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  execFileSync('python3', ['-m', 'venv', '--clear', folder], { stdio: 'inherit' });
  execFileSync(join(folder, 'bin', 'pip'), ['install', '--quiet', '--requirement', REQUIREMENTS], { stdio: 'inherit' });
  return folder;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process and everything that descends from it. */
function familyOf(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const descend = (one: number): number[] => [
    one,
    ...parents.filter(([, parent]) => parent === one).flatMap(([child]) => descend(child)),
  ];
  return descend(pid);
}

function parentOf(pid: string): number {
  try {
    return Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    // The process has ended meanwhile.
    return 0;
  }
}

/** `address:port` as the kernel writes it, in hexadecimal, of each socket on which the process listens. */
function listeningOf(pid: number): readonly string[] {
  const LISTENING = '0A';
  const own = new Set(socketsOf(pid));
  return ['tcp', 'tcp6'].flatMap((family) =>
    readFileSync(`/proc/net/${family}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, address = '', , state, , , , , , inode = '']) =>
        state === LISTENING && own.has(inode) ? [address] : [],
      ),
  );
}

function socketsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    // The process has ended meanwhile.
    return [];
  }
}
