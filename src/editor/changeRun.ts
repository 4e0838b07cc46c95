import * as vscode from "vscode";
import { changeableNames, changeFault, parseChangeValue, type ChangeableKey } from "../protocol/changes";
import type { RunDescription } from "../protocol/run";
import { commandIds, type CommandId } from "./contributed";
import type { CurrentRun } from "./currentRun";
import { UserError } from "./errors";
import type { LiveSource } from "./liveRuns";

export const changeCommands: Readonly<Record<ChangeableKey, CommandId>> = {
  "optimizer.learningRate": commandIds.changeLearningRate,
  batchSize: commandIds.changeBatchSize,
  "optimizer.momentum": commandIds.changeMomentum,
};

/**
 * Changes a setting of a run that goes on, after having asked for its value.
 *
 * @param about names the run; absent: the current one
 * @param given the value, where a panel has asked already
 */
export async function changeSetting(
  current: CurrentRun,
  key: ChangeableKey,
  about: unknown,
  given: unknown,
): Promise<void> {
  const run = await current.unfinished(about);
  if (!run) throw new UserError("No network is being trained now.", [], "information");
  const { description } = run;
  if (!description || description.function) throw noNetwork(run);
  const momentum = description.momentum !== undefined;
  if (key === "optimizer.momentum" && !momentum)
    throw new UserError(
      `${run.name} is trained by ${description.optimizer}, which has no momentum that could be changed.`,
    );
  const faultOf = (text: string): string | null =>
    changeFault({ key, value: parseChangeValue(key, text) }, momentum);
  const text =
    typeof given === "number" || typeof given === "string"
      ? String(given)
      : await vscode.window.showInputBox({
          title: `Change the ${changeableNames[key]} of ${run.name}`,
          prompt: promptOf(key, description),
          value: valueOf(key, description),
          validateInput: faultOf,
        });
  if (text === undefined) return;
  const fault = faultOf(text);
  if (fault !== null) throw new UserError(fault);
  run.send({ type: "change", changes: [{ key, value: parseChangeValue(key, text) }] });
}

function noNetwork({ name, description }: LiveSource): UserError {
  return description
    ? new UserError(`${name} descends on a function: drag its start or learning rate on the map instead.`)
    : new UserError(`${name} is still being read; change it when its first step has been made.`);
}

function promptOf(key: ChangeableKey, { schedule, rows }: RunDescription): string {
  switch (key) {
    case "optimizer.learningRate":
      return schedule
        ? `From the next step on. The ${schedule} schedule goes on, with all its rates scaled alike.`
        : "From the next step on.";
    case "batchSize":
      return `Rows of a step, from the next one on, or "full" for all ${rows.training} training rows.`;
    case "optimizer.momentum":
      return "μ, from 0 up to but not including 1, from the next step on.";
  }
}

function valueOf(key: ChangeableKey, { learningRate, batchSize, momentum }: RunDescription): string {
  return String({ "optimizer.learningRate": learningRate, batchSize, "optimizer.momentum": momentum }[key]);
}
