/**
 * The very asset of the synthesized template under Lambda's own runtime client, called with what its schedule sends: `npm run test:runtime`.
 * The client has a native part, so the first run compiles it (a minute or two); see ric.ts for what that needs.
 */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { tellEach, tellEnd } from '../../support/tell-each.ts';
import type { Invoked, LambdaFunction } from './sandbox.ts';
import { createStage, type Stage } from './stage.ts';

/** Of a tick that was cut off in its middle. */
const SHORT_LIMIT_MS = 3_000;

const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'cold: it starts, reads, decides and changes the count': async (stage) => {
    const lambda = stage.start();
    const cold = await tick(stage, lambda);
    assert.equal(reported(cold), 'ticked');
    assert.ok(cold.initMs !== undefined);
    assert.equal(stage.plant.view().desired, 4);
    console.log(`     init ${Math.round(cold.initMs)} ms, then ${Math.round(cold.durationMs - cold.initMs)} ms`);
  },
  'warm: the same process again, and the same evidence does not act twice': async (stage) => {
    const lambda = stage.start();
    const [cold, warm] = [await tick(stage, lambda), await tick(stage, lambda)];
    assert.equal(reported(warm), 'ticked');
    assert.equal(warm.pid, cold.pid);
    assert.equal(warm.initMs, undefined);
    assert.equal(stage.plant.view().desired, 4);
    console.log(`     warm ${Math.round(warm.durationMs)} ms`);
  },
  'two ticks that overlap: one holds the shard, the other is busy': async (stage) => {
    const lambda = stage.start();
    stage.cloud.faults.next('DescribeServices', { kind: 'slow', delayMs: 1_500 });
    const first = tick(stage, lambda);
    await called(stage);
    const second = await tick(stage, lambda);
    assert.equal(reported(second), 'busy');
    assert.equal(reported(await first), 'ticked');
    assert.equal(new Set(lambda.pids()).size, 2);
  },
  'a crash in the middle: the shard is guarded, then taken over by a process that starts anew': async (stage) => {
    const lambda = stage.start();
    const { cut, pid } = await inTheMiddle(stage, lambda);
    process.kill(pid, 'SIGKILL');
    assert.equal((await cut).kind, 'crashed');
    await takenOver(stage, lambda, pid);
  },
  'the time limit: Lambda kills a process that does not answer, and the next one starts anew': async (stage) => {
    const lambda = stage.start(SHORT_LIMIT_MS);
    const { cut, pid } = await inTheMiddle(stage, lambda);
    process.kill(pid, 'SIGSTOP');
    assert.equal((await cut).kind, 'timedOut');
    await takenOver(stage, lambda, pid);
  },
  'near the time limit it stops by itself, gives the shard back and stays warm': async (stage) => {
    const lambda = stage.start(SHORT_LIMIT_MS);
    stage.cloud.faults.next('DescribeServices', { kind: 'hang', times: 9 });
    const slow = await tick(stage, lambda);
    stage.cloud.faults.clear();
    assert.notEqual(slow.kind, 'timedOut');
    const next = await tick(stage, lambda);
    assert.equal(reported(next), 'ticked');
    assert.equal(next.pid, slow.pid);
  },
};

/** What the schedule of the template sends, for now. */
function tick({ deployed }: Stage, lambda: LambdaFunction): Promise<Invoked> {
  return lambda.invoke(deployed.eventAt(Date.now()));
}

function reported(invoked: Invoked): unknown {
  assert.equal(invoked.kind, 'answered', JSON.stringify(invoked));
  return invoked.kind === 'answered' ? (invoked.answer as { kind?: unknown }).kind : undefined;
}

/** A tick that waits for an answer that does not come, and its process. */
async function inTheMiddle(stage: Stage, lambda: LambdaFunction): Promise<{ cut: Promise<Invoked>; pid: number }> {
  stage.cloud.faults.next('DescribeServices', { kind: 'hang' });
  const cut = tick(stage, lambda);
  await called(stage);
  const [pid] = lambda.pids();
  assert.ok(pid !== undefined, 'no process runs');
  return { cut, pid };
}

/** When the next call of DescribeServices has arrived: the tick is in its middle, and holds its lease. */
async function called({ cloud }: Stage): Promise<void> {
  const before = cloud.calls.of('DescribeServices');
  for (const limit = Date.now() + 10_000; Date.now() < limit; await wait(10)) {
    if (cloud.calls.of('DescribeServices') > before) return;
  }
  assert.fail('DescribeServices was not called within 10 s');
}

async function takenOver(stage: Stage, lambda: LambdaFunction, pid: number): Promise<void> {
  const guarded = await tick(stage, lambda);
  assert.equal(reported(guarded), 'busy');
  assert.notEqual(guarded.pid, pid);
  assert.ok(guarded.initMs !== undefined);
  await stage.passLease();
  assert.equal(reported(await tick(stage, lambda)), 'ticked');
}

const stage = await createStage();
const failed = await tellEach(STORIES, stage);
await stage.close();
tellEnd(Object.keys(STORIES).length, failed);
