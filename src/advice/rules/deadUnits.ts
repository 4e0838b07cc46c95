import type { Advice } from "../advice";
import type { Evidence } from "../evidence";
import { latest } from "../series";
import { number, percent, round } from "../words";
import { withActivation } from "./plateau";

/** So many dead units of a layer are worth a word: in any case, and where little has been learned. */
const share = { anyway: 0.9, inTrouble: 0.5 };

/** Most relu units of a layer answer 0 to every row, and so learn no more. */
export function deadUnits({ config, health, epochs, baseline }: Evidence): Advice | null {
  const worst = health?.deadUnits.toSorted((a, b) => b.fraction - a.fraction).at(0);
  // Units that all begin at zero are not dead but stuck, which is another advice.
  if (!worst || config.network.initializer === "zeros") return null;
  const loss = latest(epochs, "training.loss");
  const learnedLittle = loss !== null && baseline.loss !== null && loss > 0.5 * baseline.loss;
  if (worst.fraction < (learnedLittle ? share.inTrouble : share.anyway)) return null;
  const smaller = round(config.optimizer.learningRate / 3);
  return {
    id: "dead-units",
    title: "Dead units",
    evidence: `${percent(worst.fraction)} of the relu units of hidden layer ${worst.layer} answer 0 to every row that was looked at.`,
    why: "Where a relu answers 0 its gradient is 0 too: a unit that one long step has pushed below zero for every row learns no more.",
    path: ["network"],
    fixes: [
      withActivation(config, "leaky-relu"),
      {
        label: `Learning rate ${number(smaller)}`,
        changes: [{ path: ["optimizer", "learningRate"], value: smaller }],
      },
    ],
    page: "initialization",
  };
}
