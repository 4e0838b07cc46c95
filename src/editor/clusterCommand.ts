/** "Copy Cluster Command": `downhill cluster` with a picker before it and the clipboard behind it. */
import path from "node:path";
import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import { runCommand } from "./commandThread";
import { configFileOf } from "./currentRun";
import { openDocument, saveDocument } from "./documents";
import { ask } from "./errors";
import { workspaceFolderOf } from "./liveRuns";

const kinds = [
  { label: "torchrun", detail: "The line to type on each machine", args: [] },
  { label: "SLURM", detail: "A batch script for sbatch", args: ["--slurm"] },
  { label: "Kubernetes", detail: "A PyTorchJob for kubectl apply", args: ["--kubernetes"] },
];

/** The run config that is meant: that of an argument, the one that is being edited, or null. */
export function configToPrepare(argument: unknown): string | null {
  const given = argument instanceof vscode.Uri ? argument.fsPath : configFileOf(argument);
  const file = given ?? vscode.window.activeTextEditor?.document.fileName ?? "";
  return runConfigLanguage(file) === null ? null : file;
}

/**
 * Prepares a run of a run config for many machines and copies how they start it.
 *
 * @param cliFile the bundle of the command line
 */
export async function copyClusterCommand(cliFile: string, configFile: string): Promise<void> {
  const name = path.basename(configFile);
  await saveDocument(await openDocument(configFile));
  const kind = await vscode.window.showQuickPick(kinds, {
    title: `Copy Cluster Command of ${name}`,
    placeHolder: "Choose how the machines are started",
    matchOnDetail: true,
  });
  if (!kind) return;
  const runs = path.join(workspaceFolderOf(configFile), ".downhill", "runs");
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Preparing ${name} for a cluster`,
    cancellable: true,
  };
  let text = "";
  const notes = await vscode.window.withProgress(options, (_, cancellation) =>
    runCommand(
      cliFile,
      ["cluster", configFile, "--runs", runs, ...kind.args],
      cancellation,
      (piece) => (text += piece),
    ),
  );
  await vscode.env.clipboard.writeText(text);
  ask("information", `Copied for ${kind.label}. ${notes.join(" ")}`, [
    {
      label: "Show",
      run: async () => {
        const language = kind.args[0] === "--kubernetes" ? "yaml" : "shellscript";
        await vscode.window.showTextDocument(
          await vscode.workspace.openTextDocument({ content: text, language }),
        );
      },
    },
  ]);
}
