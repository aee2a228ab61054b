/** A run as lines that a person can follow: what was planned in it, and what came of it. */

import { STARTS_AT } from './account.ts';
import type { Fault, Scenario, TickPlan } from './scenario.ts';
import type { Run } from './scheduler.ts';
import type { Happened } from './world.ts';

export function storyOf(run: Run): readonly string[] {
  return [...planOf(run.scenario), ...run.world.events.filter(({ kind }) => kind !== 'loaded').map(lineOf)];
}

function planOf({ services, skewMs, staleMs, ticks, happenings, untilRest }: Scenario): readonly string[] {
  return [
    ...services.map((one, index) => `service ${index}: ${JSON.stringify(one)}`),
    `clocks wrong by ${skewMs.join(', ')} ms; descriptions ${staleMs.join(', ')} ms old${untilRest ? '; until rest' : ''}`,
    ...ticks.map((one, index) => `t${index + 1}: ${planned(one)}`),
    ...happenings.map(({ atMs, ...what }) => `at ${atMs} ms: ${JSON.stringify(what)}`),
  ];
}

function planned({ afterMs, scaler, host, latencyMs, faults, broughtBy }: TickPlan): string {
  const said = faults.map((one) => `; call ${one.call} ${faultOf(one)}`).join('');
  return `${afterMs} ms later, scaler ${scaler}, a ${host}, calls take ${latencyMs.join(', ')} ms${broughtBy === null ? '' : `, for service ${broughtBy}`}${said}`;
}

function faultOf(fault: Fault): string {
  if (fault.kind === 'freeze') return `and then ${fault.ms} ms of nothing`;
  if (fault.kind === 'slow') return `${fault.ms} ms late`;
  return fault.kind === 'meanwhile' ? `while ${JSON.stringify(fault.what)}` : fault.kind;
}

function lineOf(one: Happened): string {
  return `${((one.at - STARTS_AT) / 1000).toFixed(3).padStart(8)} ${one.actor.name} ${factOf(one)}`;
}

function factOf(one: Happened): string {
  switch (one.kind) {
    case 'held':
      return `holds fence ${one.lease.fence}`;
    case 'busy':
      return `is busy: ${one.owner}`;
    case 'committed': {
      const { intent, core } = one.value;
      const { by, from, to, rule } = core.lastChange ?? {};
      const last = by === undefined ? '' : `, last ${from} → ${to} by ${by} ${rule ?? ''}`;
      return `writes rev ${one.rev} of ${serviceOf(one.arn)}${intent === undefined ? '' : `, intent ${intent.from} → ${intent.to}`}${last}`;
    }
    case 'sent':
      return `sends ${one.count} to ${serviceOf(one.arn)}${one.landedAt === undefined ? ', in vain' : ''}`;
    case 'failed':
      return `${one.what} failed: ${one.failure}`;
    case 'ended': {
      const { report } = one.actor;
      const said =
        report?.kind === 'ticked' ? report.entries.map((e) => `${e.outcome}: ${e.sentence}`).join(' | ') : '';
      return `ends ${one.fault ?? said}`;
    }
    case 'posted':
      return `posts ${one.id} for ${serviceOf(one.arn)}`;
    case 'heard':
      return `hears of ${one.ids.join(' and ')}`;
    case 'released':
    case 'died':
    case 'looked':
    case 'loaded':
      return one.kind;
  }
}

function serviceOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
