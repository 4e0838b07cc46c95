/**
 * A checkpoint: all that a run needs to go on as if nothing had happened, in one safetensors file. The weights have
 * the names that every other tool knows (`layers.0.weight` [out, in], `layers.0.bias` [out] …); the optimiser's slots are
 * `optimizer.0.layers.0.weight` …, the best weights so far `best.layers.0.weight` …; the rest is text beside them.
 */
import type { FloatArray, Network, Snapshot } from "../engine/engine";
import { parameterCount, parameterViews } from "../engine/network";
import { FormatError } from "../formats/formatError";
import { decodeSafetensors, safetensorsParts, type Tensor } from "../formats/safetensors";
import type { JournalMark } from "./journal";
import type { TrainingState } from "./training";

export interface Checkpoint {
  /** Copies: written while the run goes on. */
  snapshot: Snapshot;
  state: TrainingState;
  /** Equal kernels go on with equal bits. */
  kernel: string;
  /** Where the journal stood; null when none was kept. */
  journal: JournalMark | null;
  /**
   * Set when the weights are no longer those of the step: a run that has ended kept the best ones. Nothing goes on
   * from there.
   */
  restoredEpoch?: number;
}

/** What stands in the file beside the tensors, as JSON. */
interface Rest {
  format: 1;
  state: TrainingState;
  kernel: string;
  journal: JournalMark | null;
  restoredEpoch?: number;
  /** The engine's own count of steps, where it is not the run's: that of an optimiser that began on the way. */
  engineStep?: number;
}

/** Parts of the file, to be written one after the other; they are views of the checkpoint's arrays. */
export function encodeCheckpoint(network: Network, checkpoint: Checkpoint): Uint8Array[] {
  const { snapshot, state, kernel, journal, restoredEpoch } = checkpoint;
  const best = state.earlyStopping?.best ?? null;
  const tensors = [
    ...tensorsOf(network, "", snapshot.parameters),
    ...snapshot.slots.flatMap((slot, i) => tensorsOf(network, `optimizer.${i}.`, slot)),
    // Restored ones are the weights themselves.
    ...(best && restoredEpoch === undefined ? tensorsOf(network, "best.", best.parameters) : []),
  ];
  const rest: Rest = {
    format: 1,
    state: withoutBestWeights(state),
    kernel,
    journal,
    ...(restoredEpoch === undefined ? {} : { restoredEpoch }),
    ...(snapshot.step === state.step ? {} : { engineStep: snapshot.step }),
  };
  const metadata = { step: String(state.step), epoch: String(state.epoch), checkpoint: JSON.stringify(rest) };
  return safetensorsParts(tensors, metadata);
}

/** Reads what encodeCheckpoint wrote for the same network. Throws a FormatError when it is something else. */
export function decodeCheckpoint(bytes: Uint8Array, network: Network): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const rest = parseRest(metadata.checkpoint);
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor.values]));
  const gather = (prefix: string): FloatArray => {
    const parameters = new Float32Array(parameterCount(network));
    for (const { name, values } of parameterViews(network, parameters)) {
      const stored = given.get(prefix + name);
      if (stored?.length !== values.length) throw new FormatError(`lacks the tensor ${prefix}${name}`);
      values.set(stored);
    }
    return parameters;
  };
  const slots: FloatArray[] = [];
  while (given.has(`optimizer.${slots.length}.layers.0.weight`))
    slots.push(gather(`optimizer.${slots.length}.`));
  const { state, kernel, journal, restoredEpoch, engineStep = state.step } = rest;
  const parameters = gather("");
  const best = state.earlyStopping?.best;
  if (best) best.parameters = restoredEpoch === undefined ? gather("best.") : parameters;
  return {
    snapshot: { step: engineStep, parameters, slots },
    state,
    kernel,
    journal,
    ...(restoredEpoch === undefined ? {} : { restoredEpoch }),
  };
}

/** The weights as tensors of a file: views of the parameters. */
export function tensorsOf(network: Network, prefix: string, parameters: FloatArray): Tensor[] {
  return parameterViews(network, parameters).map(({ name, shape, values }) => ({
    name: prefix + name,
    shape: [...shape],
    values,
  }));
}

function withoutBestWeights(state: TrainingState): TrainingState {
  const { earlyStopping } = state;
  if (!earlyStopping?.best) return state;
  const best = { ...earlyStopping.best, parameters: new Float32Array(0) };
  return { ...state, earlyStopping: { ...earlyStopping, best } };
}

function parseRest(text: string | undefined): Rest {
  let rest: Partial<Rest> | null = null;
  try {
    rest = JSON.parse(text ?? "null") as Partial<Rest> | null;
  } catch {
    // Told below.
  }
  const { state } = rest ?? {};
  if (rest?.format !== 1 || typeof state?.step !== "number" || typeof rest.kernel !== "string") {
    throw new FormatError("is not a checkpoint of this version of Downhill");
  }
  return rest as Rest;
}
