/** `downhill predict`: the rows of a data file with what a trained network makes of them, as CSV. */
import path from "node:path";
import { once } from "node:events";
import { fileIdentity, writeAtomically } from "../run/diskWrites";
import { predictFile } from "../run/predictFile";
import { writeFault } from "../run/runFolder";
import { errorCode } from "../run/workspace";
import { readOperands } from "./arguments";
import { dataFormatFrom } from "./dataFormat";
import { asCommandErrors, runFolderOf, trainedNetworkOf } from "./runs";
import { CommandError, exitStatus, UsageError } from "./usage";

/** Nothing is shown while it works: a terminal has the rows themselves. */
const quietly = { progress: () => undefined, breathe: () => Promise.resolve() };

const options = { output: { type: "string" }, format: { type: "string" } } as const;

/** Writes the predictions and returns the exit status. Throws a UsageError or a CommandError. */
export async function predict(args: string[]): Promise<number> {
  const { values, operands } = readOperands("predict", ["a run", "a data file"], args, options);
  if (values.output === "") throw new UsageError("--output needs a name");
  const format = dataFormatFrom(values.format);
  const [run, dataFile] = operands;
  const output = values.output === undefined || values.output === "-" ? null : path.resolve(values.output);
  if (output !== null && (await fileIdentity(output)) === (await fileIdentity(dataFile))) {
    throw new UsageError(`--output ${values.output} would overwrite the data file`);
  }
  const trained = await trainedNetworkOf(await runFolderOf(run));
  const { text, notes } = await asCommandErrors(() =>
    predictFile(trained, path.resolve(dataFile), quietly, format),
  );
  if (output === null) await asCommandErrors(() => print(text));
  else await asCommandErrors(() => write(output, text));
  process.stderr.write(notes.map((note) => `Note: ${note}\n`).join(""));
  return exitStatus.done;
}

async function print(text: AsyncIterable<string>): Promise<void> {
  for await (const piece of text) {
    // Whoever reads may stop reading; main.ts tells of any other fault.
    if (process.stdout.destroyed || process.stdout.errored) return;
    if (!process.stdout.write(piece)) {
      await Promise.race([once(process.stdout, "drain"), once(process.stdout, "close")]).catch(
        () => undefined,
      );
    }
  }
}

async function write(file: string, text: AsyncIterable<string>): Promise<void> {
  try {
    await writeAtomically(file, text);
  } catch (error) {
    // Faults of the data come through as they are; those of the disk have a code.
    if (errorCode(error) === null) throw error;
    throw new CommandError(`${file} cannot be written, as ${writeFault(error)}.`, exitStatus.failed);
  }
}
