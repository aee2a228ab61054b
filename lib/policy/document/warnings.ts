/** What is legal in the documents and has no effect. What is legal and unwise is the linter's business. */

import { durationText } from '../duration.ts';
import type { EpochMs, PolicySet } from '../policy.ts';
import { matches } from '../selection.ts';
import { nameText } from '../service-name.ts';
import type { DocumentOfSet } from './policy-set.ts';
import { type Path, type Problem, problem, type Source } from './problem.ts';
import type { DefaultsDocument } from './schema.ts';
import { instantOf } from './units.ts';

export function warningsOf(
  documents: readonly DocumentOfSet[],
  set: PolicySet,
  now: EpochMs | undefined,
): readonly Problem[] {
  const named = new Set(
    documents
      .flatMap(bodies)
      .flatMap(({ body }) => windows(body).flatMap(({ calendar, except }) => [calendar, except])),
  );
  return documents.flatMap((one) => [...unusedCalendars(one, named), ...over(one, now), ...unserved(one, set)]);
}

function unusedCalendars(
  { document, source }: DocumentOfSet,
  named: ReadonlySet<string | undefined>,
): readonly Problem[] {
  return Object.keys(document.calendars ?? {})
    .filter((name) => !named.has(name))
    .map((name) => problem(source, ['calendars', name], 'is named by no schedule and no freeze; use it or delete it'));
}

/** Single windows whose end has passed. */
function over(one: DocumentOfSet, now: EpochMs | undefined): readonly Problem[] {
  if (now === undefined) return [];
  return bodies(one).flatMap(({ body, path }) =>
    windows(body).flatMap(({ to, list, index }) => {
      const end = to === undefined ? undefined : instantOf(to);
      if (end === undefined || end > now) return [];
      const ago = durationText(Math.max(60, Math.floor((now - end) / 60_000) * 60));
      return [problem(one.source, [...path, list, index, 'to'], `is ${to}, over since ${ago}; delete the window`)];
    }),
  );
}

function unserved({ document, source }: DocumentOfSet, set: PolicySet): readonly Problem[] {
  return (document.services ?? []).flatMap(({ service }, index) => {
    const name = service === undefined ? undefined : nameOf(service);
    if (name === undefined) return [];
    const path: Path = ['services', index, 'service'];
    const denied = set.deny.find((pattern) => matches(pattern, name));
    if (denied !== undefined)
      return [problem(source, path, `is ${name}, which deny "${denied}" takes out; delete one of them`)];
    return set.allow.length > 0 && !set.allow.some((pattern) => matches(pattern, name))
      ? [problem(source, path, `is ${name}, which allow does not name; add it there or delete the service`)]
      : [];
  });
}

function nameOf(service: string): string {
  const [cluster = '', name = ''] = service.split('/').slice(-2);
  return nameText({ cluster, service: name });
}

interface Body {
  readonly body: DefaultsDocument;
  readonly path: Path;
  readonly source: Source;
}

function bodies({ document, source }: DocumentOfSet): readonly Body[] {
  const services = (document.services ?? []).map((body, index) => ({
    body,
    path: ['services', index] as Path,
    source,
  }));
  return document.defaults === undefined
    ? services
    : [{ body: document.defaults, path: ['defaults'], source }, ...services];
}

function windows(body: DefaultsDocument) {
  return (['schedule', 'freeze'] as const).flatMap((list) =>
    (body[list] ?? []).map((window, index) => ({
      to: window.to,
      calendar: window.calendar,
      except: window.except,
      list,
      index,
    })),
  );
}
