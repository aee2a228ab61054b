/** What a document and a set may hold: each row is a document and the sentences it is refused with. */
import { expect, test } from '@jest/globals';
import { bounded, sentencesOf, service } from './documents.ts';

type Row = readonly [document: string, ...sentences: readonly string[]];

const ROWS: readonly Row[] = [
  ['services: []\n', 'p.yaml:1: version is missing; write version: 1 at the top.'],
  ['version: 2\nservices: []\n', 'p.yaml:1: version is 2; write 1.'],
  ["version: '1'\nservices: []\n", 'p.yaml:1: version is "1"; write 1.'],
  ['version: 1\n', 'p.yaml:1: services is missing; list at least one, as in - service: prod/checkout.'],
  ['version: 1\nservices: []\n', 'p.yaml:1: services is missing; list at least one, as in - service: prod/checkout.'],
  ['version: 1\nservices:\n', 'p.yaml:2: services is empty; give it a value or leave the key away.'],
  [
    'version: 1\nservices: { service: a/b }\n',
    'p.yaml:2: services is a map; write a list, each entry after a dash or all in brackets.',
  ],
  ['version: 1\nservice: []\n', 'p.yaml:2: service is not known here; did you mean services?'],
  [
    'version: 1\nzzz: 1\n',
    'p.yaml:2: zzz is not known here; known are defaults, services, groups, allow, deny, calendars.',
  ],
  [
    'version: 1\nservices:\n  - capacity: { min: 1, max: 2 }\n',
    'p.yaml:3: services[0] says no service; add service: cluster/service, or tagged: { key: value }.',
  ],
  [
    'version: 1\nservices:\n  - { service: a/b, tagged: { a: b }, capacity: { min: 1, max: 2 } }\n',
    'p.yaml:3: services[0].tagged stands beside service; keep one of them.',
  ],
  [
    'version: 1\nservices:\n  - { service: checkout, capacity: { min: 1, max: 2 } }\n',
    'p.yaml:3: services[0].service is "checkout"; write cluster/service, as in prod/checkout, or the ARN of the service.',
  ],
  [
    'version: 1\nservices:\n  - { service: "arn:aws:ecs:eu-west-1:1:service/checkout", capacity: { min: 1, max: 2 } }\n',
    'p.yaml:3: services[0].service is arn:aws:ecs:eu-west-1:1:service/checkout, an ARN of the old form without its cluster; write cluster/service.',
  ],
  [
    'version: 1\nservices:\n  - { service: "arn:aws:sqs:eu-west-1:1:jobs", capacity: { min: 1, max: 2 } }\n',
    'p.yaml:3: services[0].service is arn:aws:sqs:eu-west-1:1:jobs, not the ARN of an ECS service; write cluster/service.',
  ],
  [
    'version: 1\nservices:\n  - { tagged: {}, capacity: { min: 1, max: 2 } }\n',
    'p.yaml:3: services[0].tagged names no tag; write at least one, as in { schmitt: web }.',
  ],
  [
    'version: 1\nservices:\n  - { tagged: { tier: 1 }, capacity: { min: 1, max: 2 } }\n',
    'p.yaml:3: services[0].tagged.tier is 1; write the tags that a service must carry, as in { schmitt: web }.',
  ],
  [
    'version: 1\nservices:\n  - { service: a/b, capacity: { min: 1, max: 2 } }\n  - { service: a/b, capacity: { min: 1, max: 2 } }\n',
    'p.yaml:4: services[1].service is "a/b", as services[0].service in p.yaml:3 is; keep one of them.',
  ],
  [
    'version: 1\nservices:\n  - { tagged: {a: b}, capacity: { min: 1, max: 2 } }\n  - { tagged: {a: b}, capacity: { min: 1, max: 2 } }\n',
    'p.yaml:4: services[1].tagged is { a: b }, as services[0].tagged in p.yaml:3 is; keep one of them.',
  ],
  [
    bounded('', 'calendars: { holidays: [2026-02-30] }\n'),
    'p.yaml:6: calendars.holidays[0] is 2026-02-30, a day that does not exist; correct it.',
  ],
  [
    bounded('', 'calendars: { holidays: [25.12.2026] }\n'),
    'p.yaml:6: calendars.holidays[0] is "25.12.2026"; write a date, as in 2026-12-25.',
  ],
  [
    bounded('', 'groups: [{ name: db, services: [prod/wep], maxTasks: 5 }]\n'),
    'p.yaml:6: groups[0].services[0] is prod/wep, and no service is called so; did you mean prod/web?',
  ],
  [
    bounded('', 'groups: [{ name: db, services: [], maxTasks: 5 }]\n'),
    'p.yaml:6: groups[0].services is an empty list; write at least 1 entry.',
  ],
  [
    service('capacity: { min: 8, max: 9 }', 'groups: [{ name: db, services: [prod/web], maxTasks: 5 }]\n'),
    "p.yaml:5: groups[0].maxTasks is 5, below 8, the sum of its services' min; raise it or lower a min.",
  ],
  [
    bounded('', 'groups: [{ name: db, services: [prod/web, prod/web], maxTasks: 5 }]\n'),
    'p.yaml:6: groups[0].services[1] is prod/web, named twice; take one out.',
  ],
  [
    bounded('', 'groups: [{ name: db, services: [prod/web] }]\n'),
    'p.yaml:6: groups[0].maxTasks is missing; say how many tasks the group may have together.',
  ],
  [
    bounded(
      '',
      'groups:\n  - { name: db, services: [prod/web], maxTasks: 5 }\n  - { name: db, services: [prod/web], maxTasks: 6 }\n',
    ),
    'p.yaml:8: groups[1].name is "db", as groups[0].name in p.yaml:7 is; keep one of them.',
  ],
  [
    bounded('', "allow: ['prod web']\n"),
    'p.yaml:6: allow[0] is "prod web"; write cluster/service, where * stands for any text.',
  ],
];

test.each(ROWS)('%j', (document, ...sentences) => {
  expect(sentencesOf(document)).toEqual(sentences);
});
