/** The loss along the straight line from one run's parameters to another's: Goodfellow, Vinyals and Saxe, 2015. */
import type { Samples } from "../../data/samples";
import type { SlicePart } from "../../protocol/surface";
import type { LabBench } from "./bench";
import { chosenRows, PlaneLosses } from "./planeLosses";
import type { Turn } from "./queue";
import { storedParameters } from "./storedView";

export interface SliceJob {
  /** Of the other run, which is kept. */
  folder: string;
  /** Points from α = −½ to 1½: one more than a multiple of 16. */
  points: number;
}

const [first, last] = [-0.5, 1.5];

/** A line is cheap: more rows than under a surface. */
const mostRows = 5000;

/** Yields every eighth point, then every fourth and so on; α = 0 is this run and α = 1 the other. */
export async function* slice(
  bench: LabBench,
  { folder, points }: SliceJob,
  turn: Turn,
): AsyncGenerator<SlicePart, void> {
  const { parameters, step } = await bench.look();
  const other = await storedParameters(folder, bench.network);
  const plane = {
    center: Float32Array.from(parameters),
    u: Float32Array.from(other, (value, i) => value - parameters[i]),
    v: new Float32Array(parameters.length),
  };
  await turn.breathe();
  const { training, validation } = bench.material;
  const part = (samples: Samples) => {
    const rows = chosenRows(samples, mostRows);
    const values = new Float64Array(points).fill(NaN);
    return { rows: rows.count, values, losses: new PlaneLosses(bench.engine, plane, rows) };
  };
  const parts = [part(training), ...(validation ? [part(validation)] : [])];
  const known = new Uint8Array(points);
  for (let stride = 8; stride >= 1; stride /= 2) {
    const wanted: number[] = [];
    for (let i = 0; i < points; i += stride) if (!known[i]) wanted.push(i);
    const alpha = Float64Array.from(wanted, (i) => alphaOf(i, points));
    for (const { values, losses } of parts) {
      const found = await losses.at(alpha, new Float64Array(alpha.length), turn.breathe);
      wanted.forEach((i, k) => (values[i] = found[k]));
    }
    for (const i of wanted) known[i] = 1;
    const there = Array.from({ length: points }, (_, i) => i).filter((i) => known[i]);
    const column = ({ values }: { values: Float64Array }) => Float64Array.from(there, (i) => values[i]);
    yield {
      alpha: Float64Array.from(there, (i) => alphaOf(i, points)),
      training: column(parts[0]),
      validation: parts.length > 1 ? column(parts[1]) : null,
      rows: parts[0].rows,
      step,
    };
  }
}

function alphaOf(i: number, points: number): number {
  return first + ((last - first) * i) / (points - 1);
}
