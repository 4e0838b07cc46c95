/**
 * The learning-rate range test of Smith, "Cyclical Learning Rates for Training Neural Networks" (2015): a few hundred steps, each
 * with a larger learning rate than the one before. Where the loss begins to rise is the limit; a tenth of where it was lowest is a
 * sound choice.
 */
import { epochOrder } from "../engine/random";
import type { RangeTest } from "../protocol/rangeTest";
import type { StartRun } from "../protocol/worker";
import { gatherMaterial, type LoadingControl } from "./material";
import { createRunEngine } from "./runEngine";
import { batchRows } from "./training";

const lowestRate = 1e-6;
const highestRate = 10;
const mostSteps = 200;

/** Weight of the past in the running mean, which is corrected for its beginning as Adam's are. */
const memory = 0.95;

/** The loss has risen when its mean is so many times its lowest. Before so many steps the mean knows too little. */
const risen = 4;
const fewestSteps = 20;

/** A mean that falls by less than this share has not fallen. */
const leastFall = 0.02;

/** Trains for at most 200 steps and keeps nothing. @throws ConfigError, PathError, DataError or FormatError */
export async function rangeTest(start: StartRun, loading: LoadingControl): Promise<RangeTest> {
  const material = await gatherMaterial(start, loading);
  const { config, prepared } = material;
  const engine = createRunEngine(material, null, {});
  const rows = prepared.training.count;
  const batch = batchRows(config, rows);
  const stepsPerEpoch = Math.ceil(rows / batch);
  const told: { rates: number[]; losses: number[]; smoothed: number[] } = {
    rates: [],
    losses: [],
    smoothed: [],
  };
  let mean = 0;
  let least = Infinity;
  let ended: RangeTest["ended"] = null;
  let order: Uint32Array = new Uint32Array(0);
  for (let step = 0; step < mostSteps; step++) {
    const inEpoch = step % stepsPerEpoch;
    if (inEpoch === 0) {
      order = epochOrder(config.seed, 1 + step / stepsPerEpoch, rows, config.shuffle);
      await loading.breathe();
    }
    loading.progress("Testing learning rates", step / mostSteps);
    const rate = lowestRate * (highestRate / lowestRate) ** (step / (mostSteps - 1));
    const batchOrder = order.subarray(inEpoch * batch, (inEpoch + 1) * batch);
    const report = engine.runSteps(batchOrder, Float64Array.of(rate));
    const loss = report.completed > 0 ? report.losses[0] : NaN;
    if (!Number.isFinite(loss)) {
      ended = "non-finite";
      break;
    }
    mean = memory * mean + (1 - memory) * loss;
    const corrected = mean / (1 - memory ** (step + 1));
    told.rates.push(rate);
    told.losses.push(loss);
    told.smoothed.push(corrected);
    least = Math.min(least, corrected);
    if (step >= fewestSteps && corrected > risen * least) {
      ended = "rose";
      break;
    }
  }
  const { optimizer } = config;
  return {
    learningRates: Float64Array.from(told.rates),
    losses: Float64Array.from(told.losses),
    smoothed: Float64Array.from(told.smoothed),
    ...suggestionOf(told.rates, told.smoothed),
    current: optimizer.learningRate,
    optimizer: optimizer.type,
    ended,
  };
}

/** Where the mean was lowest, and a tenth of that, as a round number. */
export function suggestionOf(
  rates: readonly number[],
  smoothed: readonly number[],
): Pick<RangeTest, "lowest" | "suggestion"> {
  let best = 0;
  for (let i = 1; i < smoothed.length; i++) if (smoothed[i] < smoothed[best]) best = i;
  const lowest = rates[best] ?? NaN;
  const fell = smoothed.length > 0 && smoothed[best] < (1 - leastFall) * smoothed[0];
  return { lowest, suggestion: fell ? Number((lowest / 10).toPrecision(1)) : null };
}

/** What the test found, as one sentence; numbers as a config has them. */
export function rangeTestSentence({ suggestion, lowest, current, learningRates, ended }: RangeTest): string {
  const rate = (value: number): string => String(Number(value.toPrecision(2)));
  const from = `From ${rate(learningRates.at(0) ?? lowestRate)} to ${rate(learningRates.at(-1) ?? lowestRate)}`;
  if (suggestion === null) {
    return `${from} the loss falls at no learning rate; look at the data, or choose another network or optimizer.`;
  }
  const then =
    ended === "rose" ? ", rises soon after" : ended === "non-finite" ? ", and is no number soon after" : "";
  const now = suggestion === current ? "as the run config has it" : `the run config has ${current}`;
  return `${from} the loss is lowest at a learning rate of ${rate(lowest)}${then}; a tenth of that, ${suggestion}, is a sound choice (${now}).`;
}
