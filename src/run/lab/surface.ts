/** The loss over a plane of parameters, coarse to fine. */
import { randomPlane, type PlaneOfParameters } from "../../descent/parameterPlane";
import type { FloatArray } from "../../engine/engine";
import type { Trajectory } from "../../protocol/run";
import type { Region, SurfacePart, SurfaceRequest } from "../../protocol/surface";
import type { LabBench } from "./bench";
import { chosenRows, mostRows, PlaneLosses } from "./planeLosses";
import type { Turn } from "./queue";

/** The first grid has so many times fewer points along a side, where that leaves some. */
const coarsest = 4;

/** Air around a path, as a fraction of the picture. */
const margin = 0.08;

/** Yields a grid a quarter as fine, one half as fine, and the whole. No point is computed twice. */
export async function* surface(
  bench: LabBench,
  { plane: choice, size }: SurfaceRequest,
  turn: Turn,
): AsyncGenerator<SurfacePart, void> {
  const { training } = bench.material;
  const rows = chosenRows(training, mostRows);
  const { plane, region, step, path } = await planeFor(bench, choice);
  await turn.breathe();
  const losses = new PlaneLosses(bench.engine, plane, rows);
  const about = { region, size, rows: rows.count, allRows: training.count, step };
  const grid = new Float64Array(size * size).fill(NaN);
  const known = new Uint8Array(size * size);
  let pathLosses: Float64Array | undefined;
  for (let stride = Math.min(coarsest, size); stride >= 1; stride /= 2) {
    const wanted: number[] = [];
    for (let j = 0; j < size; j += stride) {
      for (let i = 0; i < size; i += stride) if (!known[j * size + i]) wanted.push(j * size + i);
    }
    const a = Float64Array.from(wanted, (at) => coordinate(region.a, (at % size) + 0.5, size));
    const b = Float64Array.from(wanted, (at) => coordinate(region.b, Math.floor(at / size) + 0.5, size));
    const values = await losses.at(a, b, turn.breathe);
    wanted.forEach((at, i) => {
      grid[at] = values[i];
      known[at] = 1;
    });
    const part = { ...about, stride, losses: everyNth(grid, size, stride) };
    yield path ? { ...part, trajectory: path.trajectory, ...(pathLosses && { pathLosses }) } : part;
    // As soon as there is something to see, and before the finest grid.
    if (path?.points && !pathLosses) pathLosses = await lossesAt(bench, path.points, rows, turn);
  }
}

interface ChosenPlane {
  plane: PlaneOfParameters;
  region: Region;
  step: number;
  path?: { trajectory: Trajectory; points: readonly FloatArray[] | null };
}

async function planeFor(bench: LabBench, choice: SurfaceRequest["plane"]): Promise<ChosenPlane> {
  if (choice.type === "random") {
    const { parameters, step } = await bench.look();
    return { plane: randomPlane(bench.network, parameters, choice.seed), region: choice.region, step };
  }
  const { trajectory, points, ...plane } = await bench.pathPlane();
  return {
    plane,
    region: choice.region ?? regionAround(trajectory, choice.aspect),
    step: trajectory.step.at(-1) ?? 0,
    path: { trajectory, points },
  };
}

/** A rectangle of the given width ÷ height around all of a path, with air. */
export function regionAround({ a, b }: Pick<Trajectory, "a" | "b">, aspect: number): Region {
  const [aLow, aHigh] = extent(a);
  const [bLow, bHigh] = extent(b);
  let width = aHigh - aLow;
  let height = bHigh - bLow;
  if (width < height * aspect) width = height * aspect;
  else height = width / aspect;
  // A path without extent: a unit square.
  if (!(width > 0)) [width, height] = [aspect, 1];
  const half = 0.5 / (1 - 2 * margin);
  const around = (low: number, high: number, size: number): [number, number] => [
    (low + high) / 2 - half * size,
    (low + high) / 2 + half * size,
  ];
  return { a: around(aLow, aHigh, width), b: around(bLow, bHigh, height) };
}

function extent(values: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 0];
}

function coordinate([low, high]: [number, number], at: number, size: number): number {
  return low + (at / size) * (high - low);
}

function everyNth(grid: Float64Array, size: number, stride: number): Float64Array {
  const side = Math.ceil(size / stride);
  return Float64Array.from(
    { length: side * side },
    (_, k) => grid[Math.floor(k / side) * stride * size + (k % side) * stride],
  );
}

async function lossesAt(
  bench: LabBench,
  points: readonly FloatArray[],
  rows: ReturnType<typeof chosenRows>,
  turn: Turn,
): Promise<Float64Array> {
  const losses = new Float64Array(points.length);
  for (const [i, parameters] of points.entries()) {
    const { lossSum, weightSum } = bench.engine.evaluate(parameters, rows);
    losses[i] = lossSum / weightSum;
    await turn.breathe();
  }
  return losses;
}
