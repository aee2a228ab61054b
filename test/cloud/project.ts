/** An operator's folder: this checkout with policies of its own, in which the commands of the README are run as they are written. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const COMMAND_LIMIT_MS = 300_000;

/** What an app needs of a checkout. */
const LINKED = ['lib', 'lambdas', 'node_modules', 'package.json', 'cdk.json', 'examples'];

/** What ministack refuses, and nothing else: composite alarms, and alarms on metric math. */
const LEFT_OUT = { leaveOut: 'compositeAlarms,mathAlarms' };

export interface Project {
  /** Runs a line of the README; answers what it printed. Throws where it failed. */
  run(command: string): string;
  remove(): void;
}

export function createProject(policy: string, variables: Readonly<Record<string, string>>): Project {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(folder, name));
  mkdirSync(join(folder, 'policies'));
  writeFileSync(join(folder, 'policies', 'checkout.yaml'), policy);
  // Context that stays, as the CDK has it: the commands need no option more than the README says.
  writeFileSync(join(folder, 'cdk.context.json'), JSON.stringify(LEFT_OUT));
  const env = {
    ...process.env,
    ...variables,
    // Nobody is there to be asked.
    ...{
      CI: 'true',
      CDK_REQUIRE_APPROVAL: 'never',
      CDK_DISABLE_CLI_TELEMETRY: '1',
      CDK_NOTICES: 'false',
      NO_COLOR: '1',
    },
  };
  return {
    run(command) {
      const asks = command.includes('destroy') ? { CDK_FORCE: 'true' } : {};
      const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
        ...{ cwd: folder, encoding: 'utf8', timeout: COMMAND_LIMIT_MS },
        env: { ...env, ...asks },
      });
      if (status === 0) return `${stdout}${stderr}`;
      throw new Error(`${command} ended with ${status}:\n${stdout}${stderr}`);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The commands of the README's section on deployment, one a line, in their order. */
export function deployCommands(): readonly string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, section = ''] = /\n## Deploy it\n([\s\S]*?)\n## /.exec(readme) ?? [];
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, body = '']) => body.trim().split('\n'));
}

/** What `cdk deploy` said of the stack's outputs. */
export function outputOf(printed: string, name: string): string {
  const [, value] = new RegExp(`^Schmitt\\.${name} = (\\S+)$`, 'm').exec(printed) ?? [];
  if (value === undefined) throw new Error(`The deployment printed no output ${name}:\n${printed}`);
  return value;
}
