import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { openDocument, showDocument } from "./documents";
import { ask, UserError } from "./errors";
import { runsFolderOf, type LiveRuns } from "./liveRuns";
import { copyOfRunConfig } from "./newRunConfig";
import { isFinished, type RunSource } from "./runSource";
import { age } from "./runTexts";
import type { StoredRuns } from "./storedRuns";

/** What is done to runs that are kept: naming, pinning, deleting, and getting their run config back. */
export class RunActions {
  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly storedRuns: StoredRuns,
  ) {}

  async rename(run: RunSource): Promise<void> {
    const folder = folderOf(run);
    const title = await vscode.window.showInputBox({
      title: `Rename Run of ${run.name}`,
      prompt: "What shall this run be called? Empty: by what it reached.",
      value: run.title ?? "",
      validateInput: (text) => (text.length > 100 ? "A name of at most 100 characters, please." : undefined),
    });
    if (title === undefined) return;
    const { changeMarks } = await import("./onDemand");
    await changeMarks(folder, { title });
    this.changed();
  }

  async pin(runs: readonly RunSource[], pinned: boolean): Promise<void> {
    const { changeMarks } = await import("./onDemand");
    for (const run of runs) await changeMarks(folderOf(run), { pinned });
    this.changed();
  }

  /** Moves runs to the trash and offers to bring them back. */
  async delete(runs: readonly RunSource[]): Promise<void> {
    const active = runs.find((run) => !isFinished(run));
    if (active)
      throw new UserError(`${active.name} is still being trained; stop it before deleting its run.`);
    const { deleteRun, restoreRun, trashDays } = await import("./onDemand");
    const trashed: string[] = [];
    try {
      for (const run of runs) {
        trashed.push(await deleteRun(folderOf(run)));
        this.liveRuns.forget(run.id);
      }
    } finally {
      this.changed();
    }
    const what = runs.length === 1 ? `the run of ${runs[0].name}` : `${runs.length} runs`;
    ask("information", `Deleted ${what}; the trash keeps deleted runs for ${trashDays} days.`, [
      {
        label: "Undo",
        run: async () => {
          for (const folder of trashed) await restoreRun(folder);
          this.changed();
        },
      },
    ]);
  }

  /** Lets the user choose runs of the trash and brings them back. */
  async restore(): Promise<void> {
    const { listTrash, restoreRun, trashOf } = await import("./onDemand");
    const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    // Configs outside of them keep their runs beside them.
    const trashes = new Set([
      ...folders.map(runsFolderOf),
      ...this.storedRuns.runs.flatMap(({ folder }) => (folder === null ? [] : [path.dirname(folder)])),
    ]);
    const deleted = (await Promise.all([...trashes].map((runs) => listTrash(trashOf(runs))))).flat();
    if (deleted.length === 0) throw new UserError("The trash holds no deleted runs.", [], "information");
    const items = deleted.map((run) => ({
      label: run.title ?? run.name,
      description: `${run.title === undefined ? "" : `${run.name} · `}started ${new Date(run.startedAt).toLocaleString()}`,
      detail: `Deleted ${age(Date.now() - run.deletedAt)}`,
      folder: run.folder,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: "Restore Deleted Runs",
      placeHolder: "Choose the runs to bring back",
      canPickMany: true,
    });
    for (const { folder } of chosen ?? []) await restoreRun(folder);
    this.changed();
  }

  /** Shows the run config as it was when the run began; it cannot be edited. */
  async openConfigAsItWas(run: RunSource): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: configAsItWasScheme,
      path: `/${path.basename(run.configFile)}`,
      query: folderOf(run),
    });
    await showDocument(await vscode.workspace.openTextDocument(uri));
  }

  /** Writes the run config as it was beside the one of today, under a name of its own, and opens it. */
  async copyAsRunConfig(run: RunSource): Promise<void> {
    const text = await configTextOf(folderOf(run));
    const file = copyOfRunConfig(run.configFile, existsSync);
    try {
      await writeFile(file, text, { flag: "wx" });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError(`${path.basename(file)} could not be written in ${path.dirname(file)}: ${reason}.`);
    }
    await showDocument(await openDocument(file));
  }

  private changed(): void {
    this.storedRuns.recheck();
  }
}

/** The scheme of documents that show a run's config as it was. */
const configAsItWasScheme = "downhill-run-config";

export function provideConfigsAsTheyWere(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(configAsItWasScheme, {
    provideTextDocumentContent: ({ query }) => configTextOf(query),
  });
}

async function configTextOf(folder: string): Promise<string> {
  try {
    const { configText } = JSON.parse(await readFile(path.join(folder, "run.json"), "utf8")) as {
      configText?: unknown;
    };
    if (typeof configText === "string") return configText;
  } catch {
    // Told below: for the user there is no difference.
  }
  throw new UserError(`The run in ${folder} no longer has its run config: run.json is damaged or gone.`);
}

function folderOf({ folder, name }: RunSource): string {
  if (folder === null || !existsSync(folder))
    throw new UserError(`The run ${name} has no folder: it has been deleted, or the run kept nothing.`);
  return folder;
}
