/** `schmitt takeover|release`: who scales a service. The record comes before the change, so that an interrupted half can always be given back. */
import type { HeadroomStore } from '../../loop/headroom.ts';
import type { LoadedTakeover, OtherScalings, Takeover, Takeovers } from '../../loop/other-scaling.ts';
import { BadInput } from '../../policy/bad-input.ts';
import {
  type OtherScaling,
  type SuspendedState,
  sameSuspension,
  scalesIn,
  suspendedFor,
  suspensionWords,
} from '../../policy/headroom/other-scaling.ts';
import type { ServiceName } from '../../policy/policy.ts';
import type { Operator } from './operator.ts';
import { describeOne, serviceArgument } from './service-argument.ts';
import { tellTick } from './tell-tick.ts';

export interface Handover extends Pick<Operator, 'clock' | 'services' | 'abort'> {
  readonly scalings: OtherScalings;
  readonly takeovers: Takeovers;
  readonly headroom: HeadroomStore;
}

export interface HandoverOptions {
  readonly owner: string;
  readonly dryRun: boolean;
  readonly shards: readonly string[];
  say(line: string): void;
  /** Whether to go on, after the plan was said. */
  confirm(): Promise<boolean>;
}

interface Standing {
  readonly name: ServiceName;
  /** `cluster/service`. */
  readonly service: string;
  readonly arn: string;
  /** Undefined: it is not registered. */
  readonly scaling: OtherScaling | undefined;
  readonly record: LoadedTakeover;
}

interface Plan {
  /** What will be done, a clause each; empty: nothing has to be done. */
  readonly steps: readonly string[];
  /** What stands when it is done. */
  readonly result: string;
  perform(): Promise<void>;
}

export async function takeOver(
  handover: Handover,
  service: string,
  how: Takeover['how'],
  options: HandoverOptions,
): Promise<void> {
  const standing = await standingOf(handover, service);
  if (standing.scaling === undefined) {
    options.say(`${service} is not registered with Application Auto Scaling: there is nothing to take over.`);
    return;
  }
  options.say(foundWords(standing.service, standing.scaling));
  await carryOut(takeOverPlan(handover, standing, standing.scaling, how, options), service, options);
}

export async function giveBack(handover: Handover, service: string, options: HandoverOptions): Promise<void> {
  const standing = await standingOf(handover, service);
  const { takeover } = standing.record;
  if (takeover === undefined) {
    options.say(`${service} is not taken over: there is nothing to give back.`);
    return;
  }
  const at = new Date(takeover.at).toISOString();
  options.say(
    `${service} was taken over by ${takeover.owner} at ${at}; before, it had ${suspensionWords(takeover.before)}.`,
  );
  await carryOut(releasePlan(handover, standing, takeover, options), service, options);
}

async function standingOf(handover: Handover, service: string): Promise<Standing> {
  const { services, abort } = handover;
  const name = serviceArgument(service);
  const { arn } = await describeOne({ services, abort }, name);
  const [scaling] = await handover.scalings.read([name], abort);
  return { name, service, arn, scaling, record: await handover.takeovers.load(arn, abort) };
}

async function carryOut(plan: Plan, service: string, { dryRun, say, confirm }: HandoverOptions): Promise<void> {
  if (plan.steps.length === 0) {
    // What was interrupted after its last step still has to be told to the tick.
    if (!dryRun) await plan.perform();
    say(`Nothing to do: ${plan.result}`);
    return;
  }
  say(['To do:', ...plan.steps.map((step, index) => `  ${index + 1}. ${step}`)].join('\n'));
  if (dryRun) {
    say('Nothing was done (--dry-run).');
    return;
  }
  if (!(await confirm())) {
    say(`Nothing was done to ${service}.`);
    return;
  }
  await plan.perform();
  say(`Done: ${plan.result}`);
}

function takeOverPlan(
  handover: Handover,
  standing: Standing,
  scaling: OtherScaling,
  how: Takeover['how'],
  { owner, shards }: HandoverOptions,
): Plan {
  const { name, service, arn, record } = standing;
  const before = record.takeover?.before ?? scaling.suspended;
  const wanted = suspendedFor(how, before, scaling);
  const isRecorded = record.takeover?.how === how;
  const rests = sameSuspension(scaling.suspended, wanted);
  const steps = [
    ...(isRecorded ? [] : [`record in the table how to give it back: ${suspensionWords(before)}`]),
    ...(rests ? [] : [`have ${suspensionWords(wanted)}; bounds, policies and alarms stay as they are`]),
  ];
  return {
    steps,
    result: `${service} has ${suspensionWords(wanted)}; schmitt release ${service} gives it back.`,
    async perform() {
      const takeover: Takeover = { how, before, owner, at: record.takeover?.at ?? handover.clock.now() };
      if (!isRecorded) await keep(handover, arn, takeover, record.rev, service);
      if (!rests) await suspend(handover, name, wanted, service);
      await tellTick(handover, service, shards, scalesIn({ ...scaling, suspended: wanted }));
    },
  };
}

function releasePlan(
  handover: Handover,
  { name, service, arn, scaling, record }: Standing,
  { before }: Takeover,
  { shards }: HandoverOptions,
): Plan {
  const rests = scaling === undefined || sameSuspension(scaling.suspended, before);
  const steps = [...(rests ? [] : [`have ${suspensionWords(before)}, as recorded`]), 'remove the record'];
  const result =
    scaling === undefined
      ? `${service} is registered with Application Auto Scaling no more, and the record is gone.`
      : `${service} has ${suspensionWords(before)}. Schmitt acts on it no more while something of that may scale in.`;
  return {
    steps,
    result,
    async perform() {
      if (!rests) await suspend(handover, name, before, service);
      // Last: whoever is interrupted before finds it, and gives back once more.
      await keep(handover, arn, undefined, record.rev, service);
      await tellTick(
        handover,
        service,
        shards,
        scaling === undefined ? [] : scalesIn({ ...scaling, suspended: before }),
      );
    },
  };
}

async function keep(
  { takeovers, abort }: Handover,
  arn: string,
  takeover: Takeover | undefined,
  rev: number,
  service: string,
): Promise<void> {
  const saved = await takeovers.save(arn, takeover, rev, abort);
  if (saved.kind === 'stale')
    throw new BadInput(`Somebody else is handing ${service} over at this moment; run it again.`);
}

async function suspend(
  { scalings, abort }: Handover,
  name: ServiceName,
  to: SuspendedState,
  service: string,
): Promise<void> {
  const done = await scalings.suspend(name, to, abort);
  if (done === 'absent')
    throw new BadInput(`${service} was just taken out of Application Auto Scaling; run it again to see how it stands.`);
}

function foundWords(service: string, scaling: OtherScaling): string {
  const { min, max, suspended, policies, schedules } = scaling;
  const into = scalesIn(scaling);
  const may = into.length === 0 ? 'nothing of it may scale in' : `${into.join(', ')} may scale in`;
  return `${service} is registered with Application Auto Scaling from ${min} to ${max} tasks, policies ${namesOf(policies)}, scheduled actions ${namesOf(schedules)}; ${may}; ${suspensionWords(suspended)}.`;
}

function namesOf(named: readonly { readonly name: string }[]): string {
  return named.length === 0 ? 'none' : named.map(({ name }) => name).join(', ');
}
