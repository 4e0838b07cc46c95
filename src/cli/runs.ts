/** The runs that commands are about, and what is wrong with them in the terms of the command line. */
import { PathError } from "../run/workspace";
import { findRunFolder, readTrainedNetwork, RunError, type TrainedNetwork } from "../run/trainedModel";
import { CommandError, exitStatus } from "./usage";

/** A run as it is given: its folder, or its name under a runs folder, by default .downhill/runs. Throws a CommandError. */
export function runFolderOf(run: string, runsFolder?: string): Promise<string> {
  return asCommandErrors(() => findRunFolder(run, process.cwd(), runsFolder));
}

export function trainedNetworkOf(folder: string): Promise<TrainedNetwork> {
  return asCommandErrors(() => readTrainedNetwork(folder));
}

/** What is wrong with a run or with data ends a command with status 1. */
export async function asCommandErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const wrongInput =
      error instanceof RunError ||
      error instanceof PathError ||
      (error instanceof Error && ["DataError", "FormatError"].includes(error.name));
    throw wrongInput ? new CommandError(error.message, exitStatus.wrongInput) : error;
  }
}
