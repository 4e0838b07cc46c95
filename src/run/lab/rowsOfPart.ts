/** The rows of a part that jobs look at, and what a network puts out for them. */
import type { Preparation } from "../../data/preparation";
import type { Samples } from "../../data/samples";
import type { FloatArray } from "../../engine/engine";
import { outputCount } from "../../engine/network";
import type { Part } from "../../protocol/evaluation";
import { LabError, type LabBench } from "./bench";
import { chosenRows } from "./planeLosses";
import type { Turn } from "./queue";

/** Multiplications between two breaths: some ten milliseconds of them. */
const sliceWork = 4e6;

export function partsOf({ material }: LabBench): Part[] {
  return (["validation", "training", "test"] as const).filter((part) => material[part] !== null);
}

/** At most `most` rows of a part, evenly spread; of training where the run has no such part. */
export function rowsOf(
  bench: LabBench,
  wanted: Part,
  most: number,
): { part: Part; all: number; samples: Samples } {
  const part = bench.rows(wanted) ? wanted : "training";
  const all = bench.rows(part) ?? bench.material.training;
  return { part, all: all.count, samples: chosenRows(all, most) };
}

/** How the run's rows were made of its file. */
export function preparationOf({ material }: LabBench): Preparation {
  if (material.source) return material.source.preparation;
  throw new LabError("It is not known how the rows of this run were made of its data file.");
}

/** The network's outputs for all of the rows, at any parameters. */
export async function outputsOf(
  bench: LabBench,
  parameters: FloatArray,
  samples: Samples,
  turn: Turn,
): Promise<{ outputs: Float64Array; meanLoss: number }> {
  const width = outputCount(bench.network);
  const outputs = new Float64Array(samples.count * width);
  const block = Math.max(16, Math.floor(sliceWork / parameters.length));
  let [loss, weight] = [0, 0];
  for (let from = 0; from < samples.count; from += block) {
    const to = Math.min(samples.count, from + block);
    const evaluation = bench.engine.evaluate(parameters, samples, from, to);
    outputs.set(evaluation.outputs, from * width);
    loss += evaluation.lossSum;
    weight += evaluation.weightSum;
    await turn.breathe();
  }
  return { outputs, meanLoss: loss / weight };
}
