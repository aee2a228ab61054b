/**
 * The real stack with the real bundle on an emulator that others wrote, deployed by the very commands of the README: `npm run test:cloud`.
 * Needs Linux, `python3` with `venv`, and PyPI the first time; takes some five minutes, since the schedule fires once a minute.
 */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { checkoutText } from '../support/policy-texts.ts';
import { type Cloud, startCloud } from './ministack.ts';
import { createProject, deployCommands, outputOf, type Project } from './project.ts';
import { createService, type Service, ticksSoFar } from './service.ts';

/** The policy acts; the stack does not before it is told to. */
const POLICY = checkoutText(`
capacity: { min: 2, max: 6 }
signals: { cpu: { ecs: CPUUtilization, publicationDelay: 10s } }
scaleOut: [{ name: busy, when: 'cpu > 70', add: 2, trueFor: 1 of 1 }]
scaleIn: [{ name: calm, when: 'cpu < 30', remove: 1, trueFor: 1 of 1 }]
pace:
  out: { cooldown: 10s, stabilization: 0s, upTo: 300%, per: 1m }
  in: { cooldown: 10s, stabilization: 0s, upTo: 4 tasks, per: 1m }`);

const LOOK_EVERY_MS = 2_000;

interface Stage {
  readonly cloud: Cloud;
  readonly project: Project;
  readonly service: Service;
  table: string;
}

/** In the order of the README; each begins where the one before ended. */
const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'npx cdk synth --quiet': async ({ project }) => {
    project.run('npx cdk synth --quiet');
  },
  'npx cdk bootstrap': async ({ project }) => {
    project.run('npx cdk bootstrap');
  },
  'npx cdk deploy': async (stage) => {
    const printed = stage.project.run('npx cdk deploy');
    for (const name of ['AlarmTopic', 'TickFunction', 'DashboardName']) assert.ok(outputOf(printed, name));
    stage.table = outputOf(printed, 'StateTable');
    await stage.service.setCpu(90);
    await until('the schedule has fired twice', 240, async () => (await ticksSoFar(stage.table)) >= 2);
    assert.equal(await stage.service.desired(), 2, 'nothing is changed in shadow');
  },
  'npx cdk deploy --parameters Mode=act': async ({ project, service }) => {
    project.run('npx cdk deploy --parameters Mode=act');
    await until('the count follows the metric up', 240, async () => (await service.desired()) > 2);
    const highest = await service.desired();
    await service.setCpu(10);
    await until('the count follows the metric down', 360, async () => (await service.desired()) < highest);
  },
  'nothing listens beyond loopback': async ({ cloud }) => {
    const LOOPBACK = /^(0100007F|0{24}01000000|0{16}FFFF00000100007F):/;
    const listens = cloud.listens();
    assert.ok(listens.length > 0);
    assert.deepEqual(
      listens.filter((address) => !LOOPBACK.test(address)),
      [],
    );
  },
  'npx cdk destroy': async ({ project, table }) => {
    project.run('npx cdk destroy');
    assert.match(project.run('npx cdk diff 2>&1 || true'), /AWS::Lambda::Function/);
    assert.ok((await ticksSoFar(table)) >= 2, 'the table outlives the stack');
  },
};

async function until(what: string, limitSeconds: number, holds: () => Promise<boolean>): Promise<void> {
  for (const limit = Date.now() + limitSeconds * 1000; Date.now() < limit; await wait(LOOK_EVERY_MS)) {
    if (await holds()) return;
  }
  assert.fail(`not within ${limitSeconds} s: ${what}`);
}

/** Stops at the first that fails: the next ones begin where it would have ended. */
async function tellAll(stage: Stage): Promise<boolean> {
  for (const [title, tell] of Object.entries(STORIES)) {
    const began = Date.now();
    try {
      await tell(stage);
      console.log(`ok   ${title} (${Math.round((Date.now() - began) / 1000)} s)`);
    } catch (error) {
      console.log(`FAIL ${title}\n${error instanceof Error ? error.stack : error}`);
      return false;
    }
  }
  return true;
}

const told = Object.keys(STORIES).filter((title) => title.startsWith('npx '));
assert.deepEqual(deployCommands(), told, 'the README has other commands than this file');

const cloud = await startCloud();
try {
  Object.assign(process.env, cloud.variables);
  const project = createProject(POLICY, cloud.variables);
  const service = await createService(2);
  const isGood = await tellAll({ cloud, project, service, table: '' });
  await service.close();
  project.remove();
  process.exitCode = isGood ? 0 : 1;
} finally {
  await cloud.stop();
}
