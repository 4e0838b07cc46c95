/**
 * The keyframes of a run: checkpoints that are kept, spread over its steps, so that any step can be replayed from the
 * one before it. At most 64 of them; for large networks as many as fit into 64 MB, but four.
 */
import { copyFile, link, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { errorCode } from "./workspace";
import { makeFolder } from "./diskWrites";

export const keyframesName = "keyframes";

const mostKeyframes = 64;
const mostBytes = 64 * 2 ** 20;
const fewestKeyframes = 4;

/** Names sort by step: no run makes more steps than fit into twelve digits. */
const namePattern = /^(\d{12})\.safetensors$/;

/** The steps of the keyframes in a run folder, ascending. */
export async function keyframeSteps(folder: string): Promise<number[]> {
  const names = await readdir(path.join(folder, keyframesName)).catch(() => []);
  return names
    .flatMap((name) => namePattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export function keyframeFile(folder: string, step: number): string {
  return path.join(folder, keyframesName, `${String(step).padStart(12, "0")}.safetensors`);
}

/**
 * Keeps a checkpoint as a keyframe, and gives up those that are too many: always the one whose neighbours are nearest to
 * each other.
 *
 * @param checkpoint the checkpoint's file, which is only ever replaced and never written to
 */
export async function keepKeyframe(
  folder: string,
  checkpoint: string,
  step: number,
  bytes: number,
): Promise<void> {
  const most = keyframesThatFit(bytes);
  if (most === 0) return;
  await makeFolder(path.join(folder, keyframesName));
  const file = keyframeFile(folder, step);
  await rm(file, { force: true });
  try {
    // Costs nothing: a second name for the same bytes.
    await link(checkpoint, file);
  } catch (error) {
    // Not every file system has second names.
    if (["ENOSPC", "EDQUOT", "EROFS"].includes(errorCode(error) ?? "")) throw error;
    await copyFile(checkpoint, file);
  }
  const steps = await keyframeSteps(folder);
  while (steps.length > most) {
    const [given] = steps.splice(mostDispensable(steps), 1);
    await rm(keyframeFile(folder, given), { force: true });
  }
}

/** Removes the keyframes after a step, from which a run goes on anew. */
export async function dropKeyframesAfter(folder: string, step: number): Promise<void> {
  for (const later of await keyframeSteps(folder)) {
    if (later > step) await rm(keyframeFile(folder, later), { force: true });
  }
}

export function keyframesThatFit(bytes: number): number {
  if (bytes > mostBytes) return 0;
  return Math.min(mostKeyframes, Math.max(fewestKeyframes, Math.floor(mostBytes / Math.max(1, bytes))));
}

/** The keyframe without which the longest way from one to the next grows least; never the first or the last. */
function mostDispensable(steps: readonly number[]): number {
  let best = 1;
  for (let i = 1; i < steps.length - 1; i++) {
    if (steps[i + 1] - steps[i - 1] < steps[best + 1] - steps[best - 1]) best = i;
  }
  return best;
}
