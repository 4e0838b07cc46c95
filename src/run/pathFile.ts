/** `path.safetensors`: the snapshots of the path, from which a resumed run goes on with its trajectory. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { decodeSafetensors, safetensorsParts } from "../formats/safetensors";
import type { FloatArray } from "../engine/engine";
import { writeAtomically } from "./diskWrites";
import type { FollowedPath } from "./pathFollower";

export const pathName = "path.safetensors";

export async function writePath(folder: string, { points, stride, unsettled }: FollowedPath): Promise<void> {
  const length = points[0]?.values.length ?? 0;
  const values = points.map((point) => ({
    name: `points.${point.step}`,
    shape: [length],
    values: point.values,
  }));
  const column = (name: string, numbers: number[]) => ({
    name,
    shape: [numbers.length],
    values: Float64Array.from(numbers),
  });
  const steps = column(
    "step",
    points.map(({ step }) => step),
  );
  const losses = column(
    "loss",
    points.map(({ loss }) => loss),
  );
  const metadata = { stride: String(stride), unsettled: String(unsettled) };
  await writeAtomically(path.join(folder, pathName), safetensorsParts([steps, losses, ...values], metadata));
}

/** The path that was kept, or null where there is none that can be read: the trajectory then begins anew. */
export async function readPath(folder: string, valuesPerPoint: number): Promise<FollowedPath | null> {
  try {
    const { tensors, metadata } = decodeSafetensors(await readFile(path.join(folder, pathName)));
    const given = new Map(tensors.map(({ name, values }) => [name, values]));
    const steps = given.get("step") ?? new Float64Array(0);
    const losses = given.get("loss") ?? new Float64Array(0);
    const [stride, unsettled] = [Number(metadata.stride), Number(metadata.unsettled)];
    const points = Array.from(steps, (step, i) => {
      const values: FloatArray | undefined = given.get(`points.${step}`);
      return values?.length === valuesPerPoint ? { step, loss: losses[i], values } : null;
    }).filter((point) => point !== null);
    const whole = points.length === steps.length && losses.length === steps.length && stride >= 1;
    return whole && Number.isInteger(unsettled) ? { points, stride, unsettled } : null;
  } catch {
    return null;
  }
}
