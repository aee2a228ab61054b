/** All policies of a scaler, files and typed props alike: one set, checked once by the code that checks policy files. */
import type { IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { Names } from '../policy/document/deployed.ts';
import { checkPolicies, type PolicyFile } from '../policy/document/parse.ts';
import { pathText } from '../policy/document/problem.ts';
import { versionOf } from '../policy/document/version.ts';
import { lint } from '../policy/lint/lint.ts';
import type { PolicySet, ServiceName } from '../policy/policy.ts';
import type { ScaleProps } from './scale-props.ts';
import { serviceDocument } from './service-document.ts';
import { StandIns } from './stand-ins.ts';

/** A service that was handed to `scale`. */
export interface Scaled {
  readonly service: IBaseService;
  readonly props: ScaleProps;
  /** In the policies; a stand-in where the name is not known at synth. */
  readonly name: ServiceName;
}

export interface SettledPolicies {
  /** Empty where something is wrong. */
  readonly set: PolicySet;
  readonly names: Names;
  /** Whole sentences. */
  readonly errors: readonly string[];
  readonly warnings: readonly { readonly id: string; readonly sentence: string }[];
}

export class PolicyModel {
  readonly standIns = new StandIns();
  readonly scaled: Scaled[] = [];
  readonly #written: readonly PolicyFile[];

  constructor(written: readonly PolicyFile[]) {
    this.#written = written;
  }

  add(service: IBaseService, props: ScaleProps): Scaled {
    const scaled = { service, props, name: this.standIns.ofService(service) };
    this.scaled.push(scaled);
    return scaled;
  }

  /** Everything that is wrong or unwise; the rest of the construct follows from the set. */
  settle(): SettledPolicies {
    const complaints: string[] = [];
    const typed = this.scaled.map((one) => this.#fileOf(one, complaints));
    const files = [...this.#written, ...typed];
    const nothing = { set: EMPTY, names: {}, warnings: [] };
    if (complaints.length > 0) return { ...nothing, errors: complaints };
    if (files.length === 0) return { ...nothing, errors: [NO_POLICY] };
    const checked = checkPolicies(files);
    if (checked.kind === 'bad') return { ...nothing, errors: checked.problems.map(({ message }) => plain(message)) };
    const { set, warnings } = checked;
    return {
      set,
      names: this.standIns.names,
      errors: [],
      warnings: [
        ...warnings.map(({ message }) => ({ id: 'schmitt:noEffect', sentence: plain(message) })),
        ...lint(set).map(({ rule, service, path, sentence }) => ({
          id: `schmitt:${rule}`,
          sentence: `${service}, ${pathText(path)} ${sentence}.`,
        })),
      ],
    };
  }

  #fileOf({ service, props, name }: Scaled, complaints: string[]): PolicyFile {
    const { path } = service.node;
    const called = `scale(${path})`;
    const document = serviceDocument(props, this.standIns, path, (field, clause) =>
      complaints.push(`${called}: ${field} ${clause}.`),
    );
    const services = [{ service: `${name.cluster}/${name.service}`, ...document }];
    return { name: called, text: JSON.stringify({ version: 1, services }) };
  }
}

const NO_POLICY =
  'policies is missing and scale() was never called: give policies, as in Policies.fromDirectory("policies"), or scale a service.';

const NOTHING = { services: [], tagged: [], groups: [], allow: [], deny: [] };
const EMPTY: PolicySet = { version: versionOf(NOTHING), ...NOTHING };

/** Typed props have no lines, and one service each. */
function plain(sentence: string): string {
  return sentence
    .replace(/^(scale\([^)]*\)):1: (?:services\[0\]\.)?/, '$1: ')
    .replaceAll(/ in (scale\([^)]*\)):1\b/g, ' in $1');
}
