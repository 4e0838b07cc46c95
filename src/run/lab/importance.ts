/** Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): what the network loses when a feature's values are shuffled. */
import { inputsOf } from "../../data/preparation";
import { randomStream } from "../../engine/random";
import type { ImportancePart, ImportanceRequest } from "../../protocol/evaluation";
import { shuffledFeature } from "../evaluation/shuffledFeature";
import type { LabBench } from "./bench";
import type { Turn } from "./queue";
import { outputsOf, preparationOf, rowsOf } from "./rowsOfPart";

const mostRows = 2000;
const repeats = 3;

/** Yields again whenever a feature is done. The inputs that a feature makes are shuffled together. */
export async function* importance(
  bench: LabBench,
  { part: wanted }: ImportanceRequest,
  turn: Turn,
): AsyncGenerator<ImportancePart, void> {
  const { parameters, step } = await bench.look();
  const { features } = preparationOf(bench);
  const { part, samples } = rowsOf(bench, wanted, mostRows);
  const { meanLoss } = await outputsOf(bench, parameters, samples, turn);
  const done: ImportancePart["features"] = [];
  let offset = 0;
  for (const feature of features) {
    const width = inputsOf(feature);
    const random = randomStream(offset + 1, "shuffle");
    const increases: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const shuffled = shuffledFeature(samples, offset, width, () => random.next());
      increases.push((await outputsOf(bench, parameters, shuffled, turn)).meanLoss - meanLoss);
    }
    const mean = increases.reduce((sum, value) => sum + value, 0) / repeats;
    const squares = increases.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    done.push({ name: feature.column, increase: mean, deviation: Math.sqrt(squares / (repeats - 1)) });
    offset += width;
    yield { step, part, loss: meanLoss, rows: samples.count, features: [...done], of: features.length };
  }
}
