/** Documents of one set to one `PolicySet`: what only the whole set knows. */
import type { Group, PolicySet, ServicePolicy, TaggedPolicy } from '../policy.ts';
import { nameText } from '../service-name.ts';
import { conditionChecker } from './conditions.ts';
import { type Path, type Problems, pathText, type Source, valueText } from './problem.ts';
import type { DefaultsDocument, GroupDocument, PolicyDocument, ServiceDocument } from './schema.ts';
import { inherit, noSuch, type Scope, scopeOf, type Written, within } from './scope.ts';
import { compileService } from './service.ts';
import { serviceNameOf } from './service-name.ts';
import { isDate } from './units.ts';
import { versionOf } from './version.ts';
import type { Calendars } from './windows.ts';

export type DocumentOfSet = Omit<Written<PolicyDocument>, 'path'>;

/** Adds what is wrong to `problems`; the set is of use only if that stays empty. */
export function policySetOf(documents: readonly DocumentOfSet[], problems: Problems): PolicySet {
  const calendars = calendarsOf(documents, problems);
  const defaults = defaultsOf(documents, problems);
  const members = membersOf(documents, defaults, calendars, problems);
  const groups = groupsOf(documents, members, problems);
  const set = {
    services: members.services,
    tagged: members.tagged,
    groups,
    allow: documents.flatMap(({ document }) => document.allow ?? []),
    deny: documents.flatMap(({ document }) => document.deny ?? []),
  };
  return { version: versionOf(set), ...set };
}

/** Says so where `name` was given before; `taken` remembers who has it. */
function claim(taken: Map<string, string>, name: string, { source, path }: Place, scope: Scope, is: string): void {
  const first = taken.get(name);
  if (first !== undefined) scope.say([], `${is}, as ${first} is; keep one of them`);
  taken.set(name, first ?? `${pathText(path)} in ${source.file}:${source.place(path).line}`);
}

interface Place {
  readonly source: Source;
  readonly path: Path;
}

function calendarsOf(documents: readonly DocumentOfSet[], problems: Problems): Calendars {
  const calendars = new Map<string, readonly string[]>();
  const taken = new Map<string, string>();
  for (const { document, source } of documents) {
    for (const [name, dates] of Object.entries(document.calendars ?? {})) {
      const path: Path = ['calendars', name];
      const scope = scopeOf(source, problems, path);
      claim(taken, name, { source, path }, scope, 'has the name of another calendar');
      for (const [index, date] of dates.entries())
        if (!isDate(date)) scope.say([index], `is ${date}, a day that does not exist; correct it`);
      calendars.set(name, [...new Set(dates)].sort());
    }
  }
  return calendars;
}

/** One for the whole set, so that a service means the same whatever file it stands in. */
function defaultsOf(documents: readonly DocumentOfSet[], problems: Problems): Written<DefaultsDocument> | undefined {
  const taken = new Map<string, string>();
  let found: Written<DefaultsDocument> | undefined;
  for (const { document, source } of documents) {
    if (document.defaults === undefined) continue;
    const path: Path = ['defaults'];
    claim(
      taken,
      'defaults',
      { source, path },
      scopeOf(source, problems, path),
      'stands in the set for the second time',
    );
    found ??= { document: document.defaults, source, path };
  }
  return found;
}

interface Members {
  readonly services: readonly ServicePolicy[];
  readonly tagged: readonly TaggedPolicy[];
}

function membersOf(
  documents: readonly DocumentOfSet[],
  defaults: Written<DefaultsDocument> | undefined,
  calendars: Calendars,
  problems: Problems,
): Members {
  const services: ServicePolicy[] = [];
  const tagged: TaggedPolicy[] = [];
  const taken = new Map<string, string>();
  const checkerOf = conditionChecker();
  for (const own of writtenServices(documents)) {
    const policy = compileService(inherit(own, defaults, problems), calendars, checkerOf);
    const scope = scopeOf(own.source, problems, own.path);
    const { service, tagged: tags } = own.document;
    if (service !== undefined && tags !== undefined) scope.say(['tagged'], 'stands beside service; keep one of them');
    if (service !== undefined) {
      const name = serviceNameOf(service, scope, ['service']);
      claimSelection(taken, nameText(name), own, 'service', scope, service);
      services.push({ ...name, ...policy });
    } else if (tags !== undefined) {
      if (Object.keys(tags).length === 0)
        scope.say(['tagged'], 'names no tag; write at least one, as in { schmitt: web }');
      claimSelection(taken, tagsText(tags), own, 'tagged', scope, tags);
      tagged.push({ tags, policy });
    } else scope.say([], 'says no service; add service: cluster/service, or tagged: { key: value }');
  }
  return { services, tagged };
}

function tagsText(tags: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{ ${sorted.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}

function writtenServices(documents: readonly DocumentOfSet[]): readonly Written<ServiceDocument>[] {
  return documents.flatMap(({ document, source }) =>
    (document.services ?? []).map((service, index) => ({ document: service, source, path: ['services', index] })),
  );
}

function claimSelection(
  taken: Map<string, string>,
  key: string,
  own: Written<ServiceDocument>,
  field: 'service' | 'tagged',
  scope: Scope,
  value: unknown,
): void {
  const place = { source: own.source, path: [...own.path, field] };
  claim(taken, key, place, within(scope, field), `is ${typeof value === 'string' ? valueText(value) : key}`);
}

function groupsOf(documents: readonly DocumentOfSet[], members: Members, problems: Problems): readonly Group[] {
  const taken = new Map<string, string>();
  const minOf = new Map(members.services.map((policy) => [nameText(policy), policy.capacity.min]));
  return documents.flatMap(({ document, source }) =>
    (document.groups ?? []).map((group, index) => {
      const path: Path = ['groups', index, 'name'];
      claim(taken, group.name, { source, path }, scopeOf(source, problems, path), `is ${valueText(group.name)}`);
      return groupOf(group, minOf, members.tagged.length > 0, scopeOf(source, problems, ['groups', index]));
    }),
  );
}

/** A member that no service of the set is called may still be one that a tag selects. */
function groupOf(group: GroupDocument, minOf: ReadonlyMap<string, number>, anyTagged: boolean, scope: Scope): Group {
  const names = new Set<string>();
  for (const [index, text] of group.services.entries()) {
    const name = nameText(serviceNameOf(text, scope, ['services', index]));
    if (names.has(name)) scope.say(['services', index], `is ${name}, named twice; take one out`);
    else if (!minOf.has(name) && !anyTagged)
      scope.say(['services', index], `is ${name}, and ${noSuch(name, [...minOf.keys()], 'service')}`);
    names.add(name);
  }
  const least = [...names].reduce((sum, name) => sum + (minOf.get(name) ?? 0), 0);
  if (least > group.maxTasks)
    scope.say(
      ['maxTasks'],
      `is ${group.maxTasks}, below ${least}, the sum of its services' min; raise it or lower a min`,
    );
  return { name: group.name, services: [...names], maxTasks: group.maxTasks };
}
