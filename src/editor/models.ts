/** "Export Model…" and "Predict with This Model…": `downhill export` and `downhill predict` with pickers before them. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { ExportFormat } from "../export/formats";
import { copyClusterCommand } from "./clusterCommand";
import { runCommand } from "./commandThread";
import { pickDataFile } from "./describeData";
import { relativePath } from "./documents";
import { ask, UserError } from "./errors";
import { predictionsFile } from "./predictionsFile";
import type { RunSource } from "./runSource";

export class Models {
  /** @param cliFile the bundle of the command line */
  constructor(private readonly cliFile: string) {}

  /** Prepares a run for many machines; see clusterCommand.ts. */
  copyClusterCommand(configFile: string): Promise<void> {
    return copyClusterCommand(this.cliFile, configFile);
  }

  /** @param destination from a task or another extension: `{ format, file }`; else the user is asked */
  async export(run: RunSource, destination?: unknown): Promise<void> {
    const folder = folderOf(run);
    const chosen = isDestination(destination) ? destination : await pickDestination(run);
    if (!chosen) return;
    const { format, file } = chosen;
    const args = ["export", folder, "--format", format, "--output", file];
    const notes = await this.run(`Exporting ${run.name}`, args, file);
    const written = vscode.Uri.file(file);
    const isText = format !== "onnx" && format !== "safetensors";
    ask("information", [`${run.name} was exported to ${relativePath(file)}.`, ...notes].join(" "), [
      isText
        ? { label: "Open", run: () => vscode.commands.executeCommand("vscode.open", written) }
        : { label: "Reveal", run: () => vscode.commands.executeCommand("revealInExplorer", written) },
    ]);
  }

  /**
   * Writes NAME-predictions.csv beside the data file, and opens it.
   *
   * @param given the data file, from a task or another extension; else the user is asked
   */
  async predict(run: RunSource, given?: unknown): Promise<void> {
    const folder = folderOf(run);
    const named = given instanceof vscode.Uri ? given.fsPath : typeof given === "string" ? given : undefined;
    const dataFile = named ?? (await pickDataFile(`Predict with ${run.name}`, "predict"));
    if (dataFile === undefined) return;
    const output = predictionsFile(dataFile, existsSync);
    const args = ["predict", folder, dataFile, "--output", output];
    const notes = await this.run(`Predicting ${path.basename(dataFile)} with ${run.name}`, args, output);
    if (notes.length > 0) ask("information", notes.join(" "), []);
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(output));
  }

  private async run(title: string, args: string[], output: string): Promise<string[]> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (_, cancellation) => {
      try {
        return await runCommand(this.cliFile, args, cancellation);
      } finally {
        // What a cancelled command was writing.
        if (cancellation.isCancellationRequested) await rm(`${output}.new`, { force: true });
      }
    });
  }
}

function folderOf({ folder, name }: RunSource): string {
  if (folder !== null && existsSync(folder)) return folder;
  throw new UserError(`The run ${name} has no folder: it has been deleted, or the run kept nothing.`);
}

interface Destination {
  format: ExportFormat;
  file: string;
}

function isDestination(value: unknown): value is Destination {
  if (typeof value !== "object" || value === null) return false;
  const { format, file } = value as Record<string, unknown>;
  return typeof format === "string" && typeof file === "string";
}

async function pickDestination({ name, configFile, result }: RunSource): Promise<Destination | null> {
  const isFunction = result?.function !== undefined;
  const { exportFormats } = await import("./onDemand");
  const formats = Object.entries(exportFormats) as [ExportFormat, (typeof exportFormats)[ExportFormat]][];
  // Of a descent on a function there is no network, but its curves.
  const items = formats
    .filter(([format]) => format === "csv" || !isFunction)
    .map(([format, { label, detail, extensions }]) => ({
      label,
      detail,
      format,
      extensions,
    }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Export ${name}`,
    placeHolder: "Choose a format",
    matchOnDetail: true,
  });
  if (!picked) return null;
  const { format, label, extensions } = picked;
  const uri = await vscode.window.showSaveDialog({
    title: `Export ${name} as ${label}`,
    saveLabel: "Export",
    defaultUri: vscode.Uri.file(path.join(path.dirname(configFile), `${name}.${extensions[0]}`)),
    filters: { [label]: [...extensions] },
  });
  if (!uri) return null;
  if (uri.scheme !== "file")
    throw new UserError("A model can be exported to a disk only; choose a folder on one.");
  // Not every system's dialog adds it; a Python module needs its own.
  const extension = path.extname(uri.fsPath).slice(1).toLowerCase();
  const wanting = extension === "" || (format.startsWith("pytorch") && extension !== "py");
  return { format, file: wanting ? `${uri.fsPath}.${extensions[0]}` : uri.fsPath };
}
