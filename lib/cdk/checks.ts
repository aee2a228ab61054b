/** What a template can be told about itself before it is deployed: one function a mistake, one sentence each, naming the props. */
import { type Duration, Stack, Token } from 'aws-cdk-lib';
import { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnService, type IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { deployedPolicies } from '../policy/document/deployed.ts';
import { BACKSTOP_CPU_PERCENT } from './backstop.ts';
import { CONTENT_LIMIT_BYTES } from './hot-policies.ts';
import type { Scaled, SettledPolicies } from './policy-model.ts';
import { thresholdsOf } from './thresholds.ts';

export interface Finding {
  readonly level: 'error' | 'warning';
  /** For `Annotations.acknowledgeWarning`. */
  readonly id: string;
  readonly sentence: string;
}

export interface Checked {
  readonly scope: Construct;
  readonly settled: SettledPolicies;
  readonly scaled: readonly Scaled[];
  readonly shards: number;
  readonly hotPolicies: boolean;
  /** The services that policies may name; undefined: any. */
  readonly services: readonly IBaseService[] | undefined;
  readonly overrideReminder: Duration | undefined;
  readonly readCostLimit: number | undefined;
  /** `cluster/service` of a service, in the policies' own words. */
  nameOf(service: IBaseService): string;
  /** Other scalers of the app, with the names of the services in their policies. */
  others(): readonly { readonly path: string; readonly names: ReadonlySet<string> }[];
}

type Check = (checked: Checked) => readonly Finding[];

export const CHECKS: readonly Check[] = [
  shardsOutOfRange,
  reminderOutOfRange,
  noCostLimit,
  regionWithoutScheduler,
  bundledWithStandIns,
  tooManyForTemplate,
  serviceElsewhere,
  serviceNotNamed,
  twoScalers,
  otherScaling,
  countInTemplate,
  backstopFirst,
];

const error = (id: string, sentence: string): Finding => ({ level: 'error', id: `schmitt:${id}`, sentence });
const warning = (id: string, sentence: string): Finding => ({ level: 'warning', id: `schmitt:${id}`, sentence });

const MOST_SHARDS = 100;

function shardsOutOfRange({ shards }: Checked): readonly Finding[] {
  if (Number.isInteger(shards) && shards >= 1 && shards <= MOST_SHARDS && !Token.isUnresolved(shards)) return [];
  const is = Token.isUnresolved(shards) ? 'a token' : String(shards);
  return [error('shards', `shards is ${is}; give a whole number from 1 to ${MOST_SHARDS}, known at synth.`)];
}

const MOST_REMINDER_HOURS = 7 * 24;

function reminderOutOfRange({ overrideReminder }: Checked): readonly Finding[] {
  if (overrideReminder === undefined) return [];
  const isToken = overrideReminder.isUnresolved();
  const hours = isToken ? Number.NaN : overrideReminder.toHours({ integral: false });
  if (Number.isInteger(hours) && hours >= 1 && hours <= MOST_REMINDER_HOURS) return [];
  const is = isToken ? 'a token' : `${hours} h`;
  const sentence = `overrideReminder is ${is}; an alarm looks back a week at most: give whole hours from 1 to ${MOST_REMINDER_HOURS}.`;
  return [error('overrideReminder', sentence)];
}

function noCostLimit({ readCostLimit }: Checked): readonly Finding[] {
  if (readCostLimit === undefined || readCostLimit > 0) return [];
  return [error('readCostLimit', `readCostLimit is ${readCostLimit}; give US dollars a month above 0.`)];
}

/** Partitions in which EventBridge Scheduler had not been announced. */
const WITHOUT_SCHEDULER = /^(?:us-iso|us-isob|us-isof|eu-isoe)-/;

function regionWithoutScheduler({ scope }: Checked): readonly Finding[] {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || !WITHOUT_SCHEDULER.test(region)) return [];
  const sentence = `env.region is ${region}, which has no EventBridge Scheduler, and shards needs one schedule each; deploy to another Region.`;
  return [error('region', sentence)];
}

function bundledWithStandIns({ hotPolicies, settled, scaled }: Checked): readonly Finding[] {
  const names = Object.keys(settled.names);
  if (hotPolicies || (names.length === 0 && scaled.length === 0)) return [];
  const paths = scaled.map(({ service }) => service.node.path).join(', ');
  const sentence = `hotPolicies is false and scale() was called for ${paths}: policies beside the function are made before their names are; leave hotPolicies out, or write a policy file.`;
  return [error('hotPolicies', sentence)];
}

function tooManyForTemplate({ hotPolicies, settled: { set, names } }: Checked): readonly Finding[] {
  if (!hotPolicies) return [];
  const written = JSON.stringify(JSON.stringify(deployedPolicies(set, names)));
  const kilobytes = Math.ceil(Buffer.byteLength(written) / 1024);
  if (kilobytes * 1024 <= CONTENT_LIMIT_BYTES) return [];
  const sentence = `policies come to ${kilobytes} KB in the template, which has ${CONTENT_LIMIT_BYTES / 1024} KB for them; set hotPolicies to false, so that they lie beside the function, or use several scalers.`;
  return [error('policiesSize', sentence)];
}

/** The function scales services of its own account and Region. */
function serviceElsewhere({ scope, scaled }: Checked): readonly Finding[] {
  const stack = Stack.of(scope);
  return scaled.flatMap(({ service }) => {
    const { account, region } = service.env;
    const differs = (here: string, there: string) =>
      !Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there;
    if (!differs(stack.account, account) && !differs(stack.region, region)) return [];
    const sentence = `scale(${service.node.path}): the service is in ${account}/${region} and the scaler in ${stack.account}/${stack.region}; make a Schmitt in the service's own stack.`;
    return [error('elsewhere', sentence)];
  });
}

function serviceNotNamed({ settled, services, nameOf }: Checked): readonly Finding[] {
  if (services === undefined) return [];
  const known = services.map(nameOf);
  return settled.set.services
    .map(({ cluster, service }) => `${cluster}/${service}`)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const there = known.length === 0 ? 'names none' : `has ${known.join(', ')}`;
      return error(
        'unknownService',
        `policies name ${name}, and services ${there}; correct the name, or add the service to services.`,
      );
    });
}

function twoScalers({ scope, settled, others }: Checked): readonly Finding[] {
  const own = settled.set.services.map(({ cluster, service }) => `${cluster}/${service}`);
  return others().flatMap(({ path, names }) =>
    own
      .filter((name) => names.has(name))
      .map((name) =>
        error(
          'twoScalers',
          `${name} is scaled by ${scope.node.path} and by ${path}, and two scalers undo each other; take it out of one.`,
        ),
      ),
  );
}

/** A scaling policy of the app on a service that Schmitt acts on; in shadow it is expected. */
function otherScaling({ scaled, settled }: Checked): readonly Finding[] {
  return scaled.flatMap(({ service, name }) => {
    const policy = settled.set.services.find((one) => one.cluster === name.cluster && one.service === name.service);
    const target = service.node.findAll().find((one) => one instanceof CfnScalableTarget);
    if (policy?.mode !== 'act' || target === undefined) return [];
    const sentence = `scale(${service.node.path}): mode is act, and ${target.node.path} of autoScaleTaskCount may scale in as well; take it away, use backstop, or keep mode shadow.`;
    return [error('otherScaling', sentence)];
  });
}

function countInTemplate({ scaled }: Checked): readonly Finding[] {
  return scaled.flatMap(({ service }) => {
    const resource = service.node.findAll().find((one) => one instanceof CfnService);
    if (!(resource instanceof CfnService) || resource.desiredCount === undefined) return [];
    const sentence = `scale(${service.node.path}): the service has desiredCount ${resource.desiredCount}, which each deployment sets again; leave desiredCount out.`;
    return [warning('desiredCount', sentence)];
  });
}

function backstopFirst({ scaled, settled }: Checked): readonly Finding[] {
  return scaled.flatMap(({ service, name, props }) => {
    const policy = settled.set.services.find((one) => one.cluster === name.cluster && one.service === name.service);
    if (props.backstop === undefined || policy === undefined) return [];
    const { cpuPercent = BACKSTOP_CPU_PERCENT } = props.backstop;
    const ofCpu = thresholdsOf(policy).filter(({ signal, direction, value }) => {
      const source = policy.signals[signal]?.source;
      const isCpu = source?.kind === 'ecs' && source.metric === 'CPUUtilization';
      return isCpu && direction === 'out' && value >= cpuPercent;
    });
    return ofCpu.map(({ rule, value }) =>
      error(
        'backstop',
        `scale(${service.node.path}): backstop.cpuPercent is ${cpuPercent}, not above ${value} of scaleOut "${rule}", so it would act first; raise cpuPercent or lower the rule.`,
      ),
    );
  });
}
