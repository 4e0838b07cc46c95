/** `downhill export`: a trained model, or the curves of its run, in the format of another tool. */
import path from "node:path";
import type { Curves } from "../export/curves";
import { exportCurves, exportFormats, exportModel, type ExportFormat } from "../export/formats";
import type { ExportedFile } from "../export/model";
import { trainingScript } from "../export/trainingScript";
import { EpochHistory, StepHistory } from "../run/history";
import { readJournal } from "../run/runStore";
import { scriptSourceOf } from "../run/scriptSource";
import { ExportError, writeExport } from "../run/writeExport";
import { readArguments } from "./arguments";
import { asCommandErrors, runFolderOf, trainedNetworkOf } from "./runs";
import { CommandError, exitStatus, UsageError } from "./usage";

const options = { format: { type: "string" }, output: { type: "string" } } as const;

/** Writes the files and returns the exit status. Throws a UsageError or a CommandError. */
export async function exportRun(args: string[]): Promise<number> {
  const { values, operand } = readArguments("export", "run", args, options);
  const format = formatOf(values.format);
  const { output } = values;
  if (output === undefined || output === "") throw new UsageError("downhill export needs --output FILE");
  if (format.startsWith("pytorch") && !/\.py$/i.test(output)) {
    throw new UsageError(
      `--output ${output} must end in .py: it names the Python file, and what that reads is written beside it as .safetensors`,
    );
  }
  const folder = await runFolderOf(operand);
  const files = await filesOf(format, folder, path.basename(output));
  const written = await writeExport(files, path.dirname(path.resolve(output)), folder).catch(
    (error: unknown) => {
      if (!(error instanceof ExportError)) throw error;
      throw new CommandError(error.message, error.refused ? exitStatus.wrongInput : exitStatus.failed);
    },
  );
  for (const file of written) {
    process.stdout.write(`Wrote ${path.join(path.dirname(output), path.basename(file))}\n`);
  }
  return exitStatus.done;
}

function formatOf(text: string | undefined): ExportFormat {
  const formats = Object.keys(exportFormats) as ExportFormat[];
  const format = formats.find((name) => name === text);
  if (format) return format;
  const known = `${formats.slice(0, -1).join(", ")} or ${formats[formats.length - 1]}`;
  throw new UsageError(
    text === undefined ? `downhill export needs --format ${known}` : `--format takes ${known}, not ${text}`,
  );
}

async function filesOf(format: ExportFormat, folder: string, name: string): Promise<ExportedFile[]> {
  if (format === "csv") return exportCurves(await curvesOf(folder), name);
  if (format === "pytorch-script")
    return trainingScript(await asCommandErrors(() => scriptSourceOf(folder)), name);
  const { model, note } = await trainedNetworkOf(folder);
  if (note !== null) process.stderr.write(`Note: ${note}\n`);
  return exportModel(format, model, name);
}

/** Beyond so many records a text would be longer than any program reads; minima and maxima are kept then. */
const mostRecords = 1_000_000;

async function curvesOf(folder: string): Promise<Curves> {
  const history = { steps: new StepHistory(mostRecords), epochs: new EpochHistory(mostRecords) };
  const { steps, epochs } = await readJournal(folder, history);
  return { steps: steps.columns(), epochs: epochs.columns() };
}
