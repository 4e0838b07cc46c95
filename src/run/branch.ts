/**
 * A branch: a run that begins where another one stood after some step, and goes on otherwise. To start one, put
 * `branch: { folder, step }` into a StartRun; nothing else is needed: the steps before are replayed from the keyframe before
 * the step, and the branch's folder keeps the state that it began with, so that the branch can be resumed, reproduced,
 * replayed and branched from itself, even when the other run is gone.
 *
 * A branch may differ from its run in how one trains: optimizer, schedule, batchSize, epochs, shuffle, gradientClipNorm,
 * earlyStopping, network.dropout, engine. Its parameters mean what they meant, so the data, the split (and with it the seed),
 * the network and the loss are those of the run. What is kept of the run's memory is what still has its meaning:
 *
 * - the parameters, the position (step, epoch, row in the epoch's order) and the lowest losses;
 * - what the optimiser remembers, unless it is of another type: that one begins as at step 1;
 * - the schedule's place; what reduce-on-plateau did, unless the schedule or the learning rate is another;
 * - early stopping's patience so far, unless the run had lost it already.
 *
 * With an unchanged config a branch makes the very steps of its run.
 */
import path from "node:path";
import type { EarlyStoppingConfig, RunConfig } from "../config/runConfig";
import { digits } from "../data/wording";
import type { Snapshot } from "../engine/engine";
import type { BranchPoint, StartRun } from "../protocol/worker";
import { BatchPlan } from "./batchPlan";
import { configAt } from "./changes";
import type { EarlyStoppingState } from "./earlyStopping";
import { keyframeFile } from "./keyframes";
import { ConfigError, type LoadingControl, type Material } from "./material";
import { Replay, type StateAtStep } from "./replay";
import { expectSameFiles, firstDifference, readCheckpoint } from "./resumption";
import { readRunFile, type RunFile } from "./runFile";
import { checkpointName, startName } from "./runFolder";
import { batchRows } from "./training";

/** Where a branch begins, before anything of its own config is considered. */
export interface BranchStart {
  /** The run it branches from. */
  run: RunFile;
  at: StateAtStep;
  /** A sentence when the bits may differ from those of the run. */
  note: string | null;
}

/**
 * The state of a kept run at a step. Throws, in one sentence for the user, when the run has no such step, when its files have
 * changed, or when the branch's config asks for something that a branch cannot change.
 */
export async function openBranch(
  { configFile }: Pick<StartRun, "configFile">,
  { folder, step }: BranchPoint,
  material: Material,
  loading: LoadingControl,
): Promise<BranchStart> {
  const run = await readRunFile(folder).catch(() => null);
  if (!run) throw new ConfigError(`There is no network's run in ${folder} to branch from.`);
  expectSameFiles(run, { ...material, initialWeights: run.initialWeights }, "branch from it, or train anew");
  const key = firstDifference(unchangeable(run.config), unchangeable(material.config));
  if (key !== null) {
    throw new ConfigError(
      `${path.basename(configFile)} differs in "${key}" from the config of the run ${run.id}, which a branch cannot change; write it as it was, or begin with that run's weights ("network.initialWeights").`,
    );
  }
  loading.progress(`Going back to step ${digits(step)}`, null);
  const kept = await keptState(folder, step, material);
  if (kept) return { run, at: kept, note: null };
  const replay = await Replay.open(folder, loading);
  const at = await replay.at(step).catch((error: unknown) => {
    throw error instanceof RangeError
      ? new ConfigError(
          `The run ${run.id} cannot be branched from at step ${digits(step)}: ${error.message}.`,
        )
      : error;
  });
  const note = replay.exact
    ? null
    : `The steps before the branch were made anew by another kernel than the run's (${run.kernel}), so that the last bits may differ from those of the run.`;
  return { run, at, note };
}

/** A state that stands in a file, with all that the epoch's end told: nothing has to be replayed. */
async function keptState(folder: string, step: number, { network }: Material): Promise<StateAtStep | null> {
  const files = [path.join(folder, startName), keyframeFile(folder, step), path.join(folder, checkpointName)];
  for (const file of files) {
    const kept = await readCheckpoint(file, network);
    if (kept?.restoredEpoch !== undefined || kept?.state.step !== step) continue;
    if (kept.state.epochsTold === kept.state.epoch) return { snapshot: kept.snapshot, state: kept.state };
  }
  return null;
}

/**
 * What a branch begins with. Throws a ConfigError when it would have no step to make.
 *
 * @param fresh of the branch's engine before its first step: what its optimiser begins with
 */
export function beginBranch(
  { run, at: { snapshot, state } }: BranchStart,
  { config, prepared }: Pick<Material, "config" | "prepared">,
  fresh: Snapshot,
): StateAtStep {
  const rows = prepared.training.count;
  // As the run was by then.
  const runConfig = configAt(run.config, run.changes, state.step);
  const before = new BatchPlan(rows, batchRows(runConfig, rows), state.batchOrigin);
  const { origin } = before.from(state.step, state.epoch, batchRows(config, rows));
  if (config.epochs <= state.epoch) {
    throw new ConfigError(
      `"epochs" is ${digits(config.epochs)}, but the branch begins after epoch ${digits(state.epoch)} of the run ${run.id}, which counts; write more.`,
    );
  }
  const sameOptimizer = runConfig.optimizer.type === config.optimizer.type;
  const sameRates =
    runConfig.optimizer.learningRate === config.optimizer.learningRate &&
    firstDifference(runConfig.schedule, config.schedule) === null;
  const { batchOrigin: _, ...others } = state;
  return {
    // The dropout masks of a new optimiser's steps are those of step 1 on: another step has other rows, so they repeat nothing.
    snapshot: sameOptimizer ? snapshot : { ...fresh, parameters: snapshot.parameters },
    state: {
      ...others,
      ...(origin.step > 0 ? { batchOrigin: origin } : {}),
      schedule: sameRates ? state.schedule : { best: null, badEpochs: 0, reductions: 0 },
      earlyStopping: patience(state.earlyStopping, config.earlyStopping),
    },
  };
}

/** Patience that was lost is given back, or the branch would end with its first epoch. */
function patience(
  state: EarlyStoppingState | null,
  config: EarlyStoppingConfig | undefined,
): EarlyStoppingState | null {
  if (!state || !config) return null;
  return state.waited < config.patience ? state : { ...state, waited: 0 };
}

/** The parts of a config that a branch shares with its run. Files are compared by their bytes. */
function unchangeable({ data, task, loss, seed, network }: RunConfig): object {
  const { file: _file, validationFile: _validation, testFile: _test, ...preparation } = data;
  const { dropout: _dropout, initializer: _initializer, initialWeights: _weights, ...shape } = network;
  return { data: preparation, task, network: shape, loss, seed };
}
