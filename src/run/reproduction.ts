/** Whether a kept run comes out the same when it is computed once more, and if not, what is different. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { decodeSafetensors, type Tensor } from "../formats/safetensors";
import type { RunResult } from "../protocol/run";
import type { StartRun } from "../protocol/worker";
import { DataFile } from "./dataFile";
import { hasEnded } from "./resumption";
import type { FunctionRunFile } from "./functionFolder";
import { isFunctionRun, versionsNow, type Fingerprint, type RunFile } from "./runFile";
import { textOfRun } from "./runVariants";
import { checkpointName } from "./runFolder";
import { placeOf } from "./runPlace";
import { isInside, PathError } from "./workspace";

type AnyRunFile = RunFile | FunctionRunFile;

/** What a run was made from that is no longer as it was, one sentence each. */
export interface Changes {
  /** Without these, nothing can come out the same. */
  data: string[];
  /** With these, it may. */
  others: string[];
}

/** Compares what a run was made from with what is there now, but for the kernel. */
export async function changesSince(run: AnyRunFile, folder: string): Promise<Changes> {
  const place = placeOf(run, folder);
  const changes: Changes = { data: isFunctionRun(run) ? [] : await changedFiles(run, folder), others: [] };
  const configText = await readFile(place.configFile, "utf8").catch(() => null);
  const name = path.basename(place.configFile);
  if (configText === null) changes.others.push(`${name} is gone; the config that the run kept is used`);
  else if (textOfRun(configText, languageOf(place.configFile), run.description.comparison) !== run.configText)
    changes.others.push(`${name} has changed since the run; the config that the run kept is used`);
  const { downhill, node, platform } = versionsNow();
  const { versions } = run;
  const differ = (what: string, then: string, now: string): void => {
    if (then !== now) changes.others.push(`${what} ${now} computes it, where it was ${then}`);
  };
  differ("Downhill", versions.downhill, downhill);
  differ("Node", versions.node, node);
  differ("the platform", versions.platform, platform);
  if (isFunctionRun(run)) return changes;
  if (run.kernelAtEnd !== undefined)
    changes.others.push(`the run went over to the kernel ${run.kernelAtEnd} on its way`);
  return changes;
}

async function changedFiles(run: RunFile, folder: string): Promise<string[]> {
  const place = placeOf(run, folder);
  const changed: string[] = [];
  for (const before of [run.data, run.validationData, run.testData ?? null, run.initialWeights]) {
    if (before === null) continue;
    const inside = isInside(run.workspaceFolder, before.file);
    const file = inside
      ? path.join(place.workspaceFolder, path.relative(run.workspaceFolder, before.file))
      : before.file;
    const now = await fingerprintOf(file);
    if (now?.sha256 === before.sha256) continue;
    changed.push(now ? `${path.basename(file)} has changed since the run` : `there is no file ${file}`);
  }
  return changed;
}

function languageOf(configFile: string): "json" | "yaml" {
  return /\.ya?ml$/i.test(configFile) ? "yaml" : "json";
}

async function fingerprintOf(file: string): Promise<Fingerprint | null> {
  try {
    const source = await DataFile.open(file, () => Promise.resolve());
    try {
      return await source.fingerprint();
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof PathError) return null;
    throw error;
  }
}

/**
 * How to compute a run once more, up to the step of its last checkpoint, without keeping it. Throws a PathError when it kept
 * no weights to compare with.
 *
 * @param weightsFile where the weights are to be written
 */
export async function rerunOf(
  run: AnyRunFile,
  folder: string,
  weightsFile: string,
): Promise<{ start: StartRun; step: number }> {
  const kept = await readFile(path.join(folder, checkpointName)).catch(() => null);
  const what = isFunctionRun(run) ? "point" : "weights";
  if (kept === null) throw new PathError(`The run ${run.id} kept no ${what} to compare with.`);
  const step = Number(decodeSafetensors(kept).metadata.step);
  const start: StartRun = {
    id: run.id,
    configText: run.configText,
    ...placeOf(run, folder),
    runsFolder: null,
    steps: "thinned",
    trajectory: false,
    weightsFile,
    ...(isFunctionRun(run) ? {} : { changes: run.changes }),
    ...(hasEnded(run) ? {} : { lastStep: step }),
    ...(!isFunctionRun(run) && run.branchedFrom ? { branch: { folder, step: run.branchedFrom.step } } : {}),
  };
  return { start, step };
}

/** How a run that was computed once more differs from the kept one: null when it is the same bit for bit. */
export async function differenceFrom(
  run: AnyRunFile,
  folder: string,
  weightsFile: string,
  result: RunResult,
): Promise<string | null> {
  const before = await weightsIn(path.join(folder, checkpointName));
  const after = new Map((await weightsIn(weightsFile)).map(({ name, values }) => [name, values]));
  let largest = { difference: 0, name: "" };
  for (const { name, values } of before) {
    const others = after.get(name);
    if (others?.length !== values.length) return `${name} has another shape`;
    for (let i = 0; i < values.length; i++) {
      if (Object.is(values[i], others[i])) continue;
      const difference = Math.abs(values[i] - others[i]);
      if (largest.name === "" || difference > largest.difference) largest = { difference, name };
    }
  }
  if (largest.name !== "")
    return `the ${isFunctionRun(run) ? "point differs" : "weights differ"}, by up to ${largest.difference.toPrecision(2)} in ${largest.name}`;
  if (!hasEnded(run) || !run.result) return null;
  for (const key of ["status", "steps", "training", "validation", "test", "function"] as const) {
    if (JSON.stringify(run.result[key]) !== JSON.stringify(result[key]))
      return `the ${isFunctionRun(run) ? "point is" : "weights are"} the same, but not what is said of ${isFunctionRun(run) ? "it" : "them"} (${key})`;
  }
  return null;
}

async function weightsIn(file: string): Promise<Tensor[]> {
  const { tensors } = decodeSafetensors(await readFile(file));
  return tensors.filter(({ name }) => name.startsWith("layers.") || name === "point");
}
