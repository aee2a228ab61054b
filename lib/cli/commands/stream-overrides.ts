/** Overrides on a line of the stream. */
import { overridesOf as concerning, tagOf } from '../../loop/override-scope.ts';
import type { Mode, Override, ServicePolicy } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';
import { bad, countOf, type Fields, fieldsOf, instantOf, own, textOf } from './stream-fields.ts';

const EXAMPLE = '{"set": {"kind": "floor", "tasks": 6}, "owner": "ola", "reason": "sale", "expiresAt": 1794229200000}';

/** Those that concern the service; `tags` are its own, as `service.tags` has them. */
export function overridesOf(value: unknown, policy: ServicePolicy, tags: Fields): readonly Override[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw bad('overrides', value, `write a list, as in [${EXAMPLE}]`);
  const all = value.map((one, index) =>
    overrideOf(fieldsOf(one, `overrides[${index}]`, EXAMPLE), `overrides[${index}]`),
  );
  return concerning(
    all.map((one) => (carries(tags, one.scope) ? { ...one, carriers: [nameText(policy)] } : one)),
    policy,
  );
}

function carries(tags: Fields, scope: string): boolean {
  const [tag] = Object.entries(tagOf(scope) ?? {});
  return tag !== undefined && own(tags, tag[0]) === tag[1];
}

function overrideOf(fields: Fields, name: string): Override {
  return {
    id: textOf(own(fields, 'id'), `${name}.id`, name),
    scope: textOf(own(fields, 'scope'), `${name}.scope`, '*'),
    set: setOf(fieldsOf(own(fields, 'set'), `${name}.set`, '{"kind": "pause"}'), `${name}.set`),
    owner: textOf(own(fields, 'owner'), `${name}.owner`),
    reason: textOf(own(fields, 'reason'), `${name}.reason`),
    expiresAt: instantOf(own(fields, 'expiresAt'), `${name}.expiresAt`),
  };
}

function setOf(fields: Fields, name: string): Override['set'] {
  const kind = own(fields, 'kind');
  switch (kind) {
    case 'pause':
      return { kind };
    case 'floor':
    case 'ceiling':
    case 'exact':
      return { kind, tasks: countOf(fields, 'tasks', `${name}.tasks`) };
    case 'mode':
      return { kind, mode: modeOf(own(fields, 'mode'), `${name}.mode`) };
    default:
      throw bad(`${name}.kind`, kind, 'write one of pause, floor, ceiling, exact, mode');
  }
}

function modeOf(value: unknown, name: string): Mode {
  if (value === 'act' || value === 'shadow' || value === 'off') return value;
  throw bad(name, value, 'write act, shadow or off');
}
