import type { Advice, Fix } from "../advice";
import type { Evidence } from "../evidence";
import { metricOf } from "../series";
import { count, number } from "../words";

/** By so much, of itself and in all, the validation loss must have risen above its lowest. */
const rise = { factor: 1.15, ofBaseline: 0.03 };

/** So many epochs must have passed since then, and so much of the training loss must have gone. */
const after = { epochs: 5, share: 0.1, trainingFall: 0.95 };

/** The training rows are learned by heart: the validation loss rises while the training loss falls on. */
export function overfitting({
  config,
  epochs,
  baseline,
  status,
  totalSteps,
  stepsPerEpoch,
}: Evidence): Advice | null {
  // Whoever keeps the best weights loses nothing by what comes after them.
  if (config.earlyStopping?.restoreBest === true || baseline.loss === null || status === "diverged")
    return null;
  const validation = metricOf(epochs, "validation.loss");
  const training = metricOf(epochs, "training.loss");
  const smooth = smoothed(validation.value);
  const last = smooth.length - 1;
  if (last < after.epochs || training.value.length !== validation.value.length) return null;
  const lowest = smooth.indexOf(Math.min(...smooth));
  const passed = validation.epoch[last] - validation.epoch[lowest];
  const inAll = totalSteps / stepsPerEpoch;
  if (passed < Math.max(after.epochs, after.share * (status === "running" ? inAll : validation.epoch[last])))
    return null;
  const risen = smooth[last] - smooth[lowest];
  if (smooth[last] < rise.factor * smooth[lowest] || risen < rise.ofBaseline * baseline.loss) return null;
  if (training.value[last] > after.trainingFall * training.value[lowest]) return null;
  return {
    id: "overfitting",
    title: "Overfitting",
    evidence: `The validation loss was lowest around epoch ${count(validation.epoch[lowest])} (${number(smooth[lowest])}) and has risen to ${number(smooth[last])}, while the training loss fell on from ${number(training.value[lowest])} to ${number(training.value[last])}.`,
    why: "The network goes on to learn what is peculiar to the training rows, and grows sure of answers that other rows do not bear out.",
    path: ["epochs"],
    fixes: fixes(config),
    page: "overfitting",
  };
}

function fixes({ earlyStopping, network, optimizer }: Evidence["config"]): [Fix, ...Fix[]] {
  const found: [Fix, ...Fix[]] = [
    earlyStopping
      ? {
          label: "Keep the best weights",
          changes: [{ path: ["earlyStopping", "restoreBest"], value: true }],
        }
      : {
          label: "Stop early",
          changes: [{ path: ["earlyStopping"], value: { patience: 10, restoreBest: true } }],
        },
  ];
  const decay = optimizer.type === "adamw" ? 0.1 : 0.01;
  if (optimizer.weightDecay < decay) {
    found.push({
      label: `Weight decay ${number(decay)}`,
      changes: [{ path: ["optimizer", "weightDecay"], value: decay }],
    });
  }
  if (network.hidden.some(({ units }) => units > 4)) {
    const plain = network.hidden.every(({ activation }) => activation === network.hidden[0].activation);
    found.push({
      label: "Half the hidden units",
      changes: [
        {
          path: ["network", "hidden"],
          value: network.hidden.map(({ units, activation }) => {
            const half = Math.max(2, Math.ceil(units / 2));
            return plain ? half : { units: half, activation };
          }),
        },
      ],
    });
  }
  return found;
}

/** Each value's mean with its neighbours, as a single validation row may jump. */
function smoothed(values: readonly number[]): number[] {
  const reach = Math.min(5, Math.floor(values.length / 20));
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - reach), i + reach + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}
