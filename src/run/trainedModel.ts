/** The network of a kept run with its latest weights: what predicts, and what leaves Downhill in other formats. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DataFormat } from "../config/runConfig";
import { missingMarkers } from "../data/readers/cells";
import type { Preparation } from "../data/preparation";
import { digits } from "../data/wording";
import type { Activation, FloatArray, Loss, Network } from "../engine/engine";
import { layerOffsets } from "../engine/network";
import { decodeSafetensors } from "../formats/safetensors";
import { finishedStatuses } from "../protocol/run";
import { BatchPlan } from "./batchPlan";
import { weightsOf } from "./initialWeights";
import { networkOf } from "./material";
import { isFunctionRun, readAnyRunFile, type RunFile } from "./runFile";
import { checkpointName } from "./runFolder";
import { errorCode, runsFolderOf, whyNot } from "./workspace";

/** A kept run without what is needed of it. The message is one sentence for the user. */
export class RunError extends Error {
  override readonly name = "RunError";
}

export interface TrainedModel {
  /** The run config's file name without `.train.json`. */
  name: string;
  preparation: Preparation;
  /** From the inputs to the outputs; the outputs are logits, or values in the target's scale. */
  layers: readonly TrainedLayer[];
  /** Texts that stand for a missing value. */
  missingMarkers: readonly string[];
  /** Where it comes from. */
  origin: {
    /** Version of Downhill. */
    version: string;
    run: string;
    /** After which these were the weights. */
    step: number;
    epoch: number;
  };
}

export interface TrainedLayer {
  inputs: number;
  units: number;
  activation: Activation;
  /** units × inputs, row-major. */
  weight: Float32Array;
  bias: Float32Array;
}

/** The same as the engine wants it. */
export interface TrainedNetwork {
  model: TrainedModel;
  network: Network;
  parameters: FloatArray;
  loss: Loss;
  /** The format of the training file where the run config names it. */
  format: DataFormat | null;
  /** A sentence when the run did not end well or has not ended: the weights are those of its last checkpoint. */
  note: string | null;
}

/** @param folder a run's. Throws a RunError or a FormatError. */
export async function readTrainedNetwork(folder: string): Promise<TrainedNetwork> {
  const run = await readRun(folder);
  const bytes = await readCheckpoint(folder, run);
  const { preparation, description } = run;
  const network = networkOf(run.config, description.loss, preparation);
  const parameters = weightsOf(bytes, checkpointName, network);
  const { metadata } = decodeSafetensors(bytes);
  // Early stopping went back to the weights of an earlier epoch.
  const restored = run.result?.restoredEpoch;
  const epoch = restored ?? (Number(metadata.epoch) || 0);
  const { rows, batchSize, batchOrigin } = description;
  const plan = new BatchPlan(rows.training, batchSize, batchOrigin);
  const step = restored === undefined ? Number(metadata.step) || 0 : plan.totalSteps(restored);
  const offsets = layerOffsets(network);
  const layers = network.layers.map(({ inputs, units, activation }, index) => {
    const { weight, bias } = offsets[index];
    return {
      inputs,
      units,
      activation,
      weight: Float32Array.from(parameters.subarray(weight, bias)),
      bias: Float32Array.from(parameters.subarray(bias, bias + units)),
    };
  });
  const model: TrainedModel = {
    name: run.name,
    preparation,
    layers,
    missingMarkers: [...missingMarkers],
    origin: { version: run.versions.downhill, run: run.id, step, epoch },
  };
  return {
    model,
    network,
    parameters,
    loss: description.loss,
    format: run.config.data.format ?? null,
    note: noteOn(run, step),
  };
}

/** The folder of a run: given as it is, or as an id under a runs folder, by default that of `workspaceFolder`. */
export async function findRunFolder(
  run: string,
  workspaceFolder: string,
  runsFolder = runsFolderOf(workspaceFolder),
): Promise<string> {
  for (const folder of [path.resolve(workspaceFolder, run), path.join(runsFolder, run)]) {
    try {
      await readAnyRunFile(folder);
      return folder;
    } catch (error) {
      if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") continue;
      throw new RunError(`${folder} holds no run that this version of Downhill can read.`);
    }
  }
  throw new RunError(`There is no run ${run}: give a run folder, or the name of one in ${runsFolder}.`);
}

async function readRun(folder: string): Promise<RunFile> {
  const run = await readAnyRunFile(folder).catch(() => {
    throw new RunError(`${folder} holds no run that this version of Downhill can read.`);
  });
  if (!isFunctionRun(run)) return run;
  throw new RunError(
    `The run ${run.name} minimises a function, so it has no network; only its curves can be exported, as csv.`,
  );
}

async function readCheckpoint(folder: string, { name }: RunFile): Promise<Uint8Array> {
  const file = path.join(folder, checkpointName);
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) !== "ENOENT")
      throw new RunError(`The weights of ${name} are lost: ${whyNot(error, file)}`);
    throw new RunError(
      `The run ${name} has no weights yet: it was cut off, or failed, before the first were saved.`,
    );
  }
}

function noteOn({ name, status, result }: RunFile, step: number): string | null {
  if (status === "completed" || status === "early-stopped") return null;
  const weights = `these are its weights of step ${digits(step)}`;
  if (!finishedStatuses.includes(status)) return `The run ${name} has not reached its end; ${weights}.`;
  const ended = status === "interrupted" ? "was cut off" : status === "stopped" ? "was stopped" : status;
  const of = result ? ` at step ${digits(result.steps)}` : "";
  return `The run ${name} ${ended}${of}; ${weights}.`;
}
