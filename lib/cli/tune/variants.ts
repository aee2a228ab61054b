/** The variants of a policy that are played: every combination of the factors of each knob. */
import type { ServicePolicy } from '../../policy/policy.ts';
import { type Knob, UNCHANGED, type Variation, vary } from './vary.ts';

export interface Variant {
  /** `level 0.9, step 2`; `now` for the policy as it is. */
  readonly name: string;
  readonly variation: Variation;
  readonly policy: ServicePolicy;
}

/** Tried where nobody says other factors. */
const FACTORS: Readonly<Record<Knob, readonly number[]>> = {
  level: [0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3],
  gap: [0.8, 1, 1.2],
  step: [0.5, 1, 2],
  patience: [0.5, 1, 2],
};
export const NOW = 'now';

/** The policy as it is comes first; what contradicts itself, or is the same as another, is left out. */
export function variantsOf(policy: ServicePolicy, knobs: readonly Knob[]): readonly Variant[] {
  const variants = new Map<string, Variant>([[textOf(policy), { name: NOW, variation: UNCHANGED, policy }]]);
  for (const variation of combinations(knobs)) {
    const own = vary(policy, variation);
    if (own === undefined || variants.has(textOf(own))) continue;
    variants.set(textOf(own), { name: nameOf(variation, knobs), variation, policy: own });
  }
  return [...variants.values()];
}

function combinations(knobs: readonly Knob[]): readonly Variation[] {
  return knobs.reduce<readonly Variation[]>(
    (all, knob) => all.flatMap((variation) => FACTORS[knob].map((factor) => ({ ...variation, [knob]: factor }))),
    [UNCHANGED],
  );
}

function nameOf(variation: Variation, knobs: readonly Knob[]): string {
  const turned = knobs.filter((knob) => variation[knob] !== 1).map((knob) => `${knob} ×${variation[knob]}`);
  return turned.length === 0 ? NOW : turned.join(', ');
}

function textOf({ scaleOut, scaleIn, targets, pace }: ServicePolicy): string {
  return JSON.stringify([scaleOut, scaleIn, targets, pace]);
}
