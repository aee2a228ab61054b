/** Findings as stored JSON text: what cannot be read is said and believed in no part. */
import type { Findings, Pool, ServiceFinding } from '../policy/headroom/findings.ts';
import type { KnownFindings } from '../policy/headroom/within.ts';
import {
  type Check,
  check,
  expected,
  fields,
  formatFault,
  isListOf,
  isMapOf,
  isNumber,
  isRecord,
  isText,
  number,
  optional,
  optionalNumber,
} from './checks.ts';

export const FINDINGS_FORMAT = 1;

export function encodeFindings(findings: Findings): string {
  return JSON.stringify(findings);
}

export function decodeFindings(v: unknown, text: unknown): KnownFindings {
  const unreadable = (fault: string): KnownFindings => ({ kind: 'unreadable', cause: `of what was found ${fault}` });
  if (v !== FINDINGS_FORMAT) return unreadable(formatFault('the format', v, FINDINGS_FORMAT));
  let found: unknown;
  try {
    found = JSON.parse(String(text));
  } catch {
    return unreadable('the text is not JSON');
  }
  const fault = fields('its text', found, FINDINGS);
  return fault === undefined ? { kind: 'found', findings: found as Findings } : unreadable(fault);
}

const POOL: Readonly<Record<keyof Pool, Check>> = {
  kind: check(isText, 'a kind'),
  name: check(isText, 'a name'),
  free: number,
  limit: optionalNumber,
};

const texts = check((value) => isListOf(value, isText), 'a list of texts');

const SERVICE: Readonly<Record<keyof ServiceFinding, Check>> = {
  counted: number,
  needs: check((value) => isMapOf(value, isNumber), 'a map of numbers'),
  atOnce: optionalNumber,
  scaledBy: optional(texts),
  warnings: texts,
  unknown: texts,
};

const mapOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (where, value) => {
    if (!isRecord(value)) return expected(where, value, false, 'a map');
    for (const [name, one] of Object.entries(value)) {
      const fault = fields(`${where}.${name}`, one, checks);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };

const FINDINGS: Readonly<Record<keyof Findings, Check>> = {
  checkedAt: number,
  pools: mapOf(POOL),
  services: mapOf(SERVICE),
};
