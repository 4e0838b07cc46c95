/** `downhill reproduce`: computes a kept run once more and says whether it comes out the same, bit for bit. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { counted } from "../data/wording";
import type { RunResult } from "../protocol/run";
import type { StartRun } from "../protocol/worker";
import { changesSince, differenceFrom, rerunOf } from "../run/reproduction";
import { isFunctionRun, readAnyRunFile } from "../run/runFile";
import { startRun } from "../run/startRun";
import { readOperands } from "./arguments";
import { asCommandErrors, runFolderOf } from "./runs";
import { ProgressBar } from "./terminal";
import { CommandError, exitStatus } from "./usage";

/** Says what came out and returns the exit status. Throws a UsageError or a CommandError. */
export async function reproduce(args: string[]): Promise<number> {
  const { operands } = readOperands("reproduce", ["a run"], args, {});
  const folder = await runFolderOf(operands[0]);
  const run = await readAnyRunFile(folder);
  const changes = await changesSince(run, folder);
  if (changes.data.length > 0)
    throw new CommandError(
      `The run ${run.id} cannot be reproduced: ${changes.data.join(", and ")}.`,
      exitStatus.wrongInput,
    );
  const scratch = await mkdtemp(path.join(os.tmpdir(), "downhill-reproduce-"));
  try {
    const weightsFile = path.join(scratch, "weights.safetensors");
    const { start, step } = await asCommandErrors(() => rerunOf(run, folder, weightsFile));
    const { result, kernel } = await compute({ ...start, python: { known: [] } });
    const others = [...changes.others];
    if (kernel !== run.kernel) others.push(`the kernel ${kernel} computes it, where it was ${run.kernel}`);
    if (result.weightsFile === undefined)
      throw new CommandError(`The run ${run.id} could not be computed: ${result.message}`, exitStatus.failed);
    const difference = await differenceFrom(run, folder, weightsFile, result);
    const notes = others.map((other) => `Note: ${other}.\n`).join("");
    if (difference === null) {
      const what = `${counted(step, "step")}, the same ${isFunctionRun(run) ? "point" : "weights"}`;
      process.stdout.write(`The run ${run.id} is reproduced bit for bit: ${what}.\n${notes}`);
      return exitStatus.done;
    }
    process.stdout.write(notes);
    throw new CommandError(`The run ${run.id} is not reproduced: ${difference}.`, exitStatus.failed);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Computes to the end, with a progress bar on a terminal. */
function compute(start: StartRun): Promise<{ result: RunResult; kernel: string }> {
  const trainer = startRun(start, path.join(__dirname, "worker.js"));
  const bar = process.stderr.isTTY ? new ProgressBar(process.stderr, null) : null;
  let kernel = "";
  return new Promise((resolve) => {
    trainer.onEvent((event) => {
      bar?.show(event);
      if (event.type === "start") kernel = event.description.kernel;
      if (event.type === "done") resolve({ result: event.result, kernel });
    });
  });
}
