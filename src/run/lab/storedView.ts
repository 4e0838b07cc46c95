/** A run that has ended, seen from the lab: its data are read anew, its parameters and its path from its folder. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { PlaneOfParameters } from "../../descent/parameterPlane";
import { PathRecorder } from "../../descent/path";
import { PrincipalPlane } from "../../descent/plane";
import type { FloatArray, Network } from "../../engine/engine";
import { parameterCount } from "../../engine/network";
import { decodeSafetensors } from "../../formats/safetensors";
import type { Trajectory } from "../../protocol/run";
import { keyframeFile, keyframeSteps } from "../keyframes";
import { gatherMaterial } from "../material";
import { readPath } from "../pathFile";
import { expectSameFiles, readCheckpoint } from "../resumption";
import { engineSettingsOf, scoringOf } from "../runEngine";
import { isFunctionRun, readAnyRunFile } from "../runFile";
import { checkpointName, planeTensors, trajectoryName } from "../runFolder";
import { placeOf } from "../runPlace";
import { readTrajectory } from "../runStore";
import { LabError, type RunView } from "./bench";
import { rowSourceOf, type Look, type LookedPath } from "./look";

/** Throws, in one sentence for the user, when the run or its data are no longer what they were. */
export async function storedView(folder: string): Promise<RunView> {
  const run = await readAnyRunFile(folder).catch(() => {
    throw new LabError(`${folder} holds no run that this version of Downhill can read.`);
  });
  if (isFunctionRun(run))
    throw new LabError(`The run ${run.name} minimises a function, so it has no network.`);
  const start = { id: run.id, configText: run.configText, ...placeOf(run, folder) };
  const loading = { progress: () => undefined, breathe: () => Promise.resolve() };
  const unused = { runsFolder: null, steps: "thinned", trajectory: false } as const;
  const material = await gatherMaterial({ ...start, ...unused }, loading);
  expectSameFiles(run, material, "see the losses around it");
  const { network, prepared } = material;
  const checkpoint = await readCheckpoint(path.join(folder, checkpointName), network);
  if (!checkpoint) throw new LabError(`The run ${run.name} kept no weights that could be looked at.`);
  const { step, parameters } = checkpoint.snapshot;
  const bare: Look = { step, parameters, path: null };
  let whole: Look | null = null;
  return {
    material: {
      settings: engineSettingsOf(material),
      training: prepared.training,
      validation: prepared.validation,
      test: prepared.test,
      scoring: scoringOf(material),
      source: rowSourceOf(material),
    },
    async look(path) {
      if (!path) return whole ?? bare;
      return (whole ??= { ...bare, path: await storedPath(folder, network) });
    },
  };
}

/** The weights that a kept run of the same network ended with. @throws LabError */
export async function storedParameters(folder: string, network: Network): Promise<FloatArray> {
  const run = await readAnyRunFile(folder).catch(() => {
    throw new LabError(`${folder} holds no run that this version of Downhill can read.`);
  });
  const checkpoint = await readCheckpoint(path.join(folder, checkpointName), network);
  if (checkpoint) return checkpoint.snapshot.parameters;
  throw new LabError(
    `The run ${run.name} has a network of another shape, so there is no straight line between the two.`,
  );
}

async function storedPath(folder: string, network: Network): Promise<LookedPath | null> {
  const trajectory = await readTrajectory(folder);
  const plane = trajectory && (await readPlane(folder, parameterCount(network)));
  const followed = await readPath(folder, parameterCount(network));
  if (trajectory && plane) {
    const steps = followed?.points.map(({ step }) => step).join();
    const points = steps === trajectory.step.join() ? followed?.points.map(({ values }) => values) : null;
    return { trajectory, points: points ?? null, plane };
  }
  if (followed && followed.points.length > 1) return pathOf(followed.points, trajectory);
  return keyframePath(folder, network, trajectory);
}

async function readPlane(folder: string, parameters: number): Promise<PlaneOfParameters | null> {
  try {
    const { tensors } = decodeSafetensors(await readFile(path.join(folder, trajectoryName)));
    const [center, u, v] = planeTensors.map((wanted) => {
      const values = tensors.find(({ name }) => name === wanted)?.values;
      return values?.length === parameters ? Float32Array.from(values) : null;
    });
    return center && u && v && { center, u, v };
  } catch {
    return null;
  }
}

/** The path through the keyframes of a run: few points, but whole, also of a network too large to keep more. */
export async function keyframePath(
  folder: string,
  network: Network,
  shown: Trajectory | null,
): Promise<LookedPath | null> {
  const points: Point[] = [];
  const last = path.join(folder, checkpointName);
  for (const file of [...(await keyframeSteps(folder)).map((step) => keyframeFile(folder, step)), last]) {
    const checkpoint = await readCheckpoint(file, network);
    if (!checkpoint) continue;
    const { step, parameters: values } = checkpoint.snapshot;
    if (step <= (points.at(-1)?.step ?? -1)) continue;
    points.push({ step, values, loss: lossAt(shown, step) });
  }
  return points.length > 2 ? pathOf(points, shown) : null;
}

interface Point {
  step: number;
  loss: number;
  values: FloatArray;
}

function pathOf(points: readonly Point[], shown: Trajectory | null): LookedPath {
  const recorder = new PathRecorder(1);
  recorder.restore({ points, stride: 1 });
  const trajectory = new PrincipalPlane(recorder, shown).refresh();
  return { trajectory, points: points.map(({ values }) => values), plane: null };
}

/** The loss of the point of a path at or before a step. */
function lossAt(shown: Trajectory | null, step: number): number {
  const index = shown?.step.findLastIndex((at) => at <= step) ?? -1;
  return shown && index >= 0 ? shown.loss[index] : NaN;
}
