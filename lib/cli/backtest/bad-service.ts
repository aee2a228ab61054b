/** Bad input that the service itself is: its name, or a time in which it did not run. */
import { BadInput } from '../../policy/bad-input.ts';
import type { ServiceName } from '../../policy/policy.ts';
import { nameText } from '../../policy/service-name.ts';

export class BadService extends BadInput {
  /** The sentence without the service, for those who have named it. */
  readonly sentence: string;

  constructor(name: ServiceName, sentence: string) {
    super(`--service ${nameText(name)}: ${sentence}`);
    this.sentence = sentence;
  }
}
