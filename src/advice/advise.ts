/**
 * Start reading here. Evidence → advice: every rule is asked, and what is only a consequence of another finding is left out.
 * `evidence.ts` says what the rules see, `advice.ts` what they answer, and `rules/` holds them one by one.
 */
import type { Advice, AdviceId, Rule } from "./advice";
import type { Evidence } from "./evidence";
import { classImbalance } from "./rules/classImbalance";
import { deadUnits } from "./rules/deadUnits";
import { initialLoss } from "./rules/initialLoss";
import { learningRateTooLarge } from "./rules/learningRateTooLarge";
import { learningRateTooSmall } from "./rules/learningRateTooSmall";
import { overfitting } from "./rules/overfitting";
import { plateau } from "./rules/plateau";
import { unscaledInputs } from "./rules/unscaledInputs";

/** In the order in which advice is shown: causes before consequences. */
const rules: readonly Rule<Evidence>[] = [
  unscaledInputs,
  learningRateTooLarge,
  deadUnits,
  learningRateTooSmall,
  plateau,
  initialLoss,
  overfitting,
  classImbalance,
];

/** What a finding explains, and so needs no word of its own. */
const explains: Partial<Record<AdviceId, readonly AdviceId[]>> = {
  "unscaled-inputs": [
    "learning-rate-too-large",
    "learning-rate-too-small",
    "dead-units",
    "plateau",
    "initial-loss",
  ],
  "learning-rate-too-large": ["dead-units", "plateau", "class-imbalance", "overfitting"],
  "dead-units": ["plateau", "class-imbalance"],
  "learning-rate-too-small": ["plateau", "class-imbalance"],
};

/** The advice for a network's run as far as it has come, the most telling first; usually none. */
export function advise(evidence: Evidence): Advice[] {
  const found = rules.flatMap((rule) => rule(evidence) ?? []);
  const explained = new Set(found.flatMap(({ id }) => explains[id] ?? []));
  return found.filter(({ id }) => !explained.has(id));
}
