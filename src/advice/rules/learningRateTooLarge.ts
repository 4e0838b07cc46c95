import type { Advice, Fix } from "../advice";
import type { Evidence } from "../evidence";
import { lastStep, latest, meanBetween, median, metricOf, trainingLosses, valuesBetween } from "../series";
import { count, number, round } from "../words";

/** Fewer probes than this are no majority. */
const fewestProbes = 5;

/** A loss that was so many times that of a constant answer shot up; one that is worse than that at the start. */
const shotUp = 3;
const shotUpFar = 10;
const worseThanStart = 1.1;

/**
 * The steps are too long. Any one of these tells it:
 * - the run diverged;
 * - the loss is not below what it was W steps ago, and most of the probed steps since then raised the loss of their own batch
 *   (ρ < 0). A run that hovers at the edge of stability and still improves is healthy;
 * - the training loss at the ends of epochs, which has no noise of batches, jumps up and down and improves no more;
 * - the training loss is above that of the starting weights, epochs later;
 * - the loss shot up and never came back below that of a constant answer, or shot up far and is well above its lowest.
 */
export function learningRateTooLarge(evidence: Evidence): Advice | null {
  const { text, shrink } = diverged(evidence) ??
    rises(evidence) ??
    aboveStart(evidence) ??
    neverCameBack(evidence) ??
    jumps(evidence) ?? { text: null, shrink: 1 };
  if (text === null) return null;
  return {
    id: "learning-rate-too-large",
    title: "Learning rate too large",
    evidence: text,
    why: "Each step follows the slope at its beginning; a step so long ends on the other side of the valley, higher than it began.",
    path: ["optimizer", "learningRate"],
    fixes: fixes(evidence, shrink),
    page: "learning-rate",
  };
}

interface Finding {
  text: string;
  /** The learning rate is to be divided by so much. */
  shrink: number;
}

function diverged({ status, divergedAt, config }: Evidence): Finding | null {
  if (status !== "diverged") return null;
  const where = divergedAt === null ? "" : ` at step ${count(divergedAt)}`;
  const text = `The loss or its gradient was no longer a finite number${where}, with a learning rate of ${number(config.optimizer.learningRate)}.`;
  return { text, shrink: Math.max(10, config.optimizer.learningRate / 0.1) };
}

/** As many steps as a trend takes to show: at least an epoch, at most a third of what was walked. */
export function trendSteps({ steps, stepsPerEpoch }: Evidence): number {
  const walked = lastStep(steps);
  return Math.max(10, Math.min(Math.max(stepsPerEpoch, walked / 10), walked / 3));
}

function rises(evidence: Evidence): Finding | null {
  const { steps, health } = evidence;
  if (!health) return null;
  const last = lastStep(steps);
  const window = trendSteps(evidence);
  if (last < 3 * window) return null;
  const now = meanBetween(steps.step, steps.loss, last - window, last);
  const before = meanBetween(steps.step, steps.loss, last - 2 * window, last - window);
  const probes = valuesBetween(health.ratios.step, health.ratios.ratio, last - 2 * window, last);
  const rising = probes.filter((ratio) => ratio < 0).length;
  if (probes.length < fewestProbes || rising <= probes.length / 2 || now < before) return null;
  const text = `The loss is ${number(now)} around step ${count(last)}, no lower than the ${number(before)} of ${count(Math.round(window))} steps before, and ${count(rising)} of ${count(probes.length)} probed steps raised the loss of their own batch (ρ < 0).`;
  return { text, shrink: 3 };
}

function aboveStart(evidence: Evidence): Finding | null {
  const losses = trainingLosses(evidence);
  const baseline = evidence.baseline.loss ?? 0;
  if (!losses || losses.epochs < 3 || losses.now < worseThanStart * Math.max(losses.start, baseline))
    return null;
  const text = `After ${count(losses.epochs)} epochs the training loss is ${number(losses.now)}, above the ${number(losses.start)} of the starting weights.`;
  return { text, shrink: 10 };
}

function neverCameBack(evidence: Evidence): Finding | null {
  const { steps, baseline } = evidence;
  const losses = trainingLosses(evidence);
  if (!losses || losses.epochs < 3 || baseline.loss === null) return null;
  let peak = -Infinity;
  let at = 0;
  for (let i = 0; i < steps.step.length; i++) {
    if (steps.loss[i] > peak) [peak, at] = [steps.loss[i], steps.step[i]];
  }
  const height = peak / Math.max(losses.start, baseline.loss);
  if (height < shotUp) return null;
  if (losses.now < 0.95 * baseline.loss) return height < shotUpFar ? null : aboveLowest(evidence, peak, at);
  const text = `The loss shot up from ${number(losses.start)} to ${number(peak)} at step ${count(at)}, and the training loss is ${number(losses.now)} now, no better than the ${number(baseline.loss)} of a constant answer.`;
  return { text, shrink: 10 };
}

/** A run that was thrown off, and settled in a worse place than the one that it had been in. */
function aboveLowest({ epochs, baseline }: Evidence, peak: number, at: number): Finding | null {
  const { epoch, value } = metricOf(epochs, "training.loss");
  if (value.length < jumping.epochs) return null;
  const now = median(value.slice(-(value.length >> 2)));
  const lowest = Math.min(...value);
  if (now < 1.3 * lowest || now < jumping.ofBaseline * (baseline.loss ?? 0)) return null;
  const text = `The loss shot up to ${number(peak)} at step ${count(at)}, and the training loss stays around ${number(now)}, above the ${number(lowest)} that it had after epoch ${count(epoch[value.indexOf(lowest)])}.`;
  return { text, shrink: 10 };
}

/** From so many epochs on, so large jumps of so large a loss are no accident. */
const jumping = { epochs: 20, share: 0.12, ofBaseline: 0.05 };

function jumps({ epochs, baseline }: Evidence): Finding | null {
  const { value } = metricOf(epochs, "training.loss");
  if (value.length < jumping.epochs || baseline.loss === null) return null;
  const half = value.slice(value.length >> 1);
  const quarter = half.length >> 1;
  const [before, now] = [median(half.slice(0, quarter)), median(half.slice(quarter))];
  const changes = half.slice(1).map((loss, i) => loss - half[i]);
  const rises = changes.filter((change) => change > 0);
  const size = median(changes.map(Math.abs));
  const often = rises.length >= 0.35 * changes.length;
  if (!often || now < 0.9 * before || now < jumping.ofBaseline * baseline.loss) return null;
  if (size < jumping.share * now) return null;
  const text = `From epoch to epoch the training loss jumps by ${number(size)} (median), up ${count(rises.length)} times of the last ${count(changes.length)}, and stays around ${number(now)}.`;
  return { text, shrink: 10 };
}

function fixes({ config, steps, epochs }: Evidence, shrink: number): [Fix, ...Fix[]] {
  const { learningRate } = config.optimizer;
  const smaller = round(learningRate / shrink);
  const found: [Fix, ...Fix[]] = [
    {
      label: `Learning rate ${number(smaller)}`,
      changes: [{ path: ["optimizer", "learningRate"], value: smaller }],
    },
  ];
  // Clipping bounds the steps of rules whose steps grow with the gradient.
  const grows = ["sgd", "momentum", "nesterov"].includes(config.optimizer.type);
  const seen = latest(epochs, "training.loss") !== null || lastStep(steps) > 0;
  if (grows && seen && config.gradientClipNorm === undefined) {
    found.push({
      label: "Clip the gradient to norm 1",
      changes: [{ path: ["gradientClipNorm"], value: 1 }],
    });
  }
  return found;
}
