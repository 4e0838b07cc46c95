import type { Advice } from "../advice";
import type { Evidence } from "../evidence";
import { farEnough, lastStep, meanBetween, median, metricOf, trainingLosses, valuesBetween } from "../series";
import { count, number, percent, round } from "../words";

/** A timid step: almost all of the decrease that the slope promised came true. */
const timid = 0.95;

/** So much of the run must be over, and so many steps, before slowness is a fact. */
const earliest = { fraction: 0.3, steps: 20 };

/** No suggestion raises the learning rate by more. */
const mostAtOnce = 10;

/**
 * The steps are too short: the loss still falls as steadily as at first, far from where it began to flatten, and the steps are so
 * timid (ρ ≈ 1, or all of them together could hardly have moved the weights) that longer ones would do the same work sooner.
 */
export function learningRateTooSmall(evidence: Evidence): Advice | null {
  const { steps, config } = evidence;
  const losses = trainingLosses(evidence);
  const last = lastStep(steps);
  if (!losses || last < earliest.steps || !farEnough(evidence, earliest.fraction)) return null;
  const fallen = (losses.start - losses.now) / losses.start;
  // A loss that has lost most of its height is on its way, however slowly.
  const knowsNothing = losses.now > 0.8 * (evidence.baseline.loss ?? Infinity);
  if (fallen > (knowsNothing ? 0.6 : 0.5) || losses.now > losses.start) return null;
  if (config.schedule.type !== "constant" || isFlat(evidence) || hasTurned(evidence)) return null;
  const probes = ratiosOf(evidence);
  const ratio = probes.length >= 5 ? median(probes) : null;
  const reach = reachOf(evidence);
  const steady = fallsSteadily(evidence);
  const crawls = reach.short || (steady && (ratio === null ? knowsNothing : ratio >= timid));
  if (!crawls || (ratio !== null && ratio < timid)) return null;
  const factor = factorFor(evidence, ratio, fallen);
  const larger = round(config.optimizer.learningRate * factor);
  const because = reach.short
    ? reach.text
    : ratio === null
      ? "it still falls almost as fast as at first"
      : `the median decrease ratio ρ of its steps is ${number(ratio)}, where ½ is the best step along the gradient`;
  return {
    id: "learning-rate-too-small",
    title: "Learning rate too small",
    evidence: `In ${count(last)} steps the training loss fell by ${percent(Math.max(0, fallen))} only, from ${number(losses.start)} to ${number(losses.now)}, and ${because}.`,
    why: "Short steps are safe but slow: where the loss falls by just what the slope predicts, a longer step would have lowered it further.",
    path: ["optimizer", "learningRate"],
    fixes: [
      {
        label: `Learning rate ${number(larger)}`,
        changes: [{ path: ["optimizer", "learningRate"], value: larger }],
      },
    ],
    page: "learning-rate",
  };
}

/** The validation loss has been lower for a while: whatever the steps are, they have led past the best place. */
function hasTurned({ epochs }: Evidence): boolean {
  const { value } = metricOf(epochs, "validation.loss");
  const lowest = value.indexOf(Math.min(...value));
  return (
    value.length > 0 && lowest < 0.7 * (value.length - 1) && value[value.length - 1] > 1.01 * value[lowest]
  );
}

/** A gradient so small in the whole run is that of a plateau, where longer steps lead nowhere either. */
function isFlat({ steps, baseline }: Evidence): boolean {
  const slope = meanBetween(steps.step, steps.gradientNorm, 0, lastStep(steps));
  return slope < 0.01 * (baseline.loss ?? 0);
}

function ratiosOf({ health, steps }: Evidence): number[] {
  if (!health) return [];
  const last = lastStep(steps);
  return valuesBetween(health.ratios.step, health.ratios.ratio, last / 2, last);
}

/** Whether the later half of the run lowered the training loss almost as much as the first half did. */
function fallsSteadily({ epochs }: Evidence): boolean {
  const { value } = metricOf(epochs, "training.loss");
  const middle = value[value.length >> 1];
  const first = value[0] - middle;
  const second = middle - value[value.length - 1];
  return first > 0 && second > 0.35 * first;
}

/**
 * How far all steps so far could come at most. For rules whose steps follow the gradient, the first-order decrease of the loss, Ση‖g‖²;
 * for those that divide by the gradient's size, the way of a single weight, Ση.
 */
function reachOf({ steps, config, baseline }: Evidence): { short: boolean; text: string } {
  const { optimizer } = config;
  const last = lastStep(steps);
  const carried = "momentum" in optimizer ? 1 / (1 - optimizer.momentum) : 1;
  if ("momentum" in optimizer || optimizer.type === "sgd") {
    const gains = Array.from(steps.step, (_, i) => steps.learningRate[i] * steps.gradientNorm[i] ** 2);
    const gain = carried * last * meanBetween(steps.step, gains, 0, last);
    return {
      short: gain < 0.25 * (baseline.loss ?? 0),
      text: `all steps together could lower it by ${number(gain)} at most (the sum of η‖∇f‖²)`,
    };
  }
  const way = last * meanBetween(steps.step, steps.learningRate, 0, last);
  return {
    short: way < 0.1,
    text: `all steps together could move a weight by ${number(way)} at most (the sum of the learning rates)`,
  };
}

/** η/(2(1−ρ)) is the exact line-search step of a quadratic, which plain full-batch descent is near enough; else it is judgement. */
function factorFor(
  { config, batchSize, trainingRows }: Evidence,
  ratio: number | null,
  fallen: number,
): number {
  const plain = config.optimizer.type === "sgd" && batchSize >= trainingRows && config.network.dropout === 0;
  if (plain && ratio !== null && ratio < 1) return Math.min(mostAtOnce, 1 / (2 * (1 - ratio)));
  return fallen < 0.15 ? mostAtOnce : 3;
}
