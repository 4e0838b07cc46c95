/** Losses on a plane of parameters: a point of it costs the layers after the first, and the host touches none of the rows. */
import type { Network, ParameterPlane, Samples } from "../engine";
import type { Machine } from "./machine";
import { pack, packedLength } from "./panels";
import type { Rows } from "./rows";

/** What `Engine.lossesOnPlane` takes; sizes are checked before. */
export interface PlanePoints {
  readonly plane: ParameterPlane;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly samples: Samples;
  readonly from: number;
  readonly to: number;
}

/** The sums of the losses at the points. Overwrites the parameters to probe. @throws ThreadLost */
export function lossesOnPlane(
  machine: Machine,
  rows: Rows,
  network: Network,
  { plane, a, b, samples, from, to }: PlanePoints,
): Float64Array {
  const { arena, run, kernels, floats } = machine;
  const [{ units }] = network.layers;
  const first = packedLength(network.layers[0]);
  const [center, u, v] = [plane.center, plane.u, plane.v].map((parameters) => {
    const packed = new Float32Array(arena.packedLength);
    pack(network, parameters, packed, 1);
    return packed.subarray(first);
  });
  const weights = floats.subarray(
    arena.probeWeights / 4 + first,
    arena.probeWeights / 4 + arena.packedLength,
  );
  const targets = { ...samples, inputs: new Float32Array(0) };
  const sums = new Float64Array(a.length);
  machine.inBlocksOf(arena.evaluationRows);
  run.write({ layers: arena.probeLayers });
  for (let start = from; start < to; start += arena.evaluationRows) {
    const count = Math.min(arena.evaluationRows, to - start);
    rows.feedBlock(targets, start, start + count);
    for (const [index, z] of plane.preActivations.entries()) {
      const at = (start - from) * units;
      floats.set(z.subarray(at, at + count * units), arena.stagedFirst / 4);
      kernels.panelsOfFirst(arena.run, arena.stagedFirst, arena.plane + index * arena.planeBytes, count);
    }
    for (let point = 0; point < a.length; point++) {
      blend(weights, center, u, v, a[point], b[point]);
      sums[point] +=
        machine.call(0, () =>
          kernels.evaluateOnPlane(arena.run, arena.plane, arena.planeBytes, a[point], b[point], count),
        ) ?? 0;
    }
  }
  return sums;
}

function blend(
  to: Float32Array,
  center: Float32Array,
  u: Float32Array,
  v: Float32Array,
  a: number,
  b: number,
): void {
  for (let i = 0; i < to.length; i++) to[i] = center[i] + a * u[i] + b * v[i];
}
