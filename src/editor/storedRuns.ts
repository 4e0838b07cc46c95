import path from "node:path";
import * as vscode from "vscode";
import type { RunIndex } from "../run/runIndex";
import { runConfigLanguage } from "../config/files";
import { showError } from "./errors";
import { runsFolderOf, workspaceFolderOf } from "./liveRuns";
import type { RunSource } from "./runSource";

/** Completes "Downhill could not …". */
const reading = "list the runs of this workspace";

/** Milliseconds after which what was learned is written to the indexes, so that the next window has it. */
const saveInterval = 15_000;

/** The runs kept in the workspace's `.downhill/runs` folders, followed as they change. */
export class StoredRuns implements vscode.Disposable {
  private stored: readonly RunSource[] = [];
  private loaded: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly indexes = new Map<string, RunIndex>();
  /** The indexes of the folders that are in the workspace now. */
  private current: readonly RunIndex[] = [];
  /** Something may have changed that no watcher told of. */
  private unsure = true;
  private saving: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;

  constructor(private readonly configsOfLiveRuns: () => string[]) {
    this.subscriptions.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      // A run config that lies in no workspace folder keeps its runs beside it.
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (document.uri.scheme === "file" && runConfigLanguage(document.fileName) !== null) this.refresh();
      }),
    );
  }

  /** Whether the list has been read: before, its emptiness tells nothing. */
  isRead = false;

  /** Newest first, as last read. */
  get runs(): readonly RunSource[] {
    return this.stored;
  }

  /** Reads the list if that has not been done, and resolves when it is there. */
  ready(): Promise<void> {
    this.loaded ??= this.read();
    return this.loaded;
  }

  /** Looks for changes everywhere, soon: for when something may have happened that no watcher told of. */
  recheck(): void {
    this.unsure = true;
    this.refresh();
  }

  /** Reads the list again, soon: many changes make one reading. */
  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.loaded = this.read();
    }, 200);
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.saving);
    for (const disposable of [...this.subscriptions, this.changes]) disposable.dispose();
  }

  private async read(): Promise<void> {
    try {
      await this.open();
      await this.list();
      // What the indexes remember is shown at once; whether it still holds is looked at afterwards.
      void this.check().catch((error: unknown) => showError(error, reading));
    } catch (error) {
      showError(error, reading);
    }
  }

  /** Begins to follow the runs of folders that are new in the workspace. */
  private async open(): Promise<void> {
    const { RunIndex, emptyTrash, trashOf } = await import("./onDemand");
    const workspaceFolders = this.workspaceFolders();
    for (const folder of workspaceFolders) {
      if (this.indexes.has(folder)) continue;
      this.indexes.set(folder, new RunIndex(runsFolderOf(folder)));
      this.watch(folder);
      void emptyTrash(trashOf(runsFolderOf(folder)));
    }
    this.current = workspaceFolders.flatMap((folder) => this.indexes.get(folder) ?? []);
  }

  private async list(): Promise<void> {
    const { loadRun } = await import("./onDemand");
    const lists = await Promise.all(this.current.map((index) => index.list()));
    this.stored = lists
      .flat()
      .map((run) => ({ ...run, load: () => loadRun(run.folder) }))
      .sort((a, b) => b.startedAt - a.startedAt);
    this.isRead = true;
    this.changes.fire();
    this.saving ??= setTimeout(() => {
      this.saving = undefined;
      for (const index of this.indexes.values()) void index.save();
    }, saveInterval);
  }

  private async check(): Promise<void> {
    if (!this.unsure) return;
    this.unsure = false;
    const changed = await Promise.all(this.current.map((index) => index.verify()));
    if (changed.includes(true)) await this.list();
  }

  private workspaceFolders(): string[] {
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => uri.fsPath);
    const openConfigs = vscode.workspace.textDocuments
      .filter(({ uri }) => uri.scheme === "file" && runConfigLanguage(uri.fsPath) !== null)
      .map(({ uri }) => uri.fsPath);
    return [
      ...new Set([...folders, ...[...openConfigs, ...this.configsOfLiveRuns()].map(workspaceFolderOf)]),
    ];
  }

  private watch(folder: string): void {
    const watcher = vscode.workspace.createFileSystemWatcher(
      // The folders too: one that is deleted or moved as a whole tells nothing of the files in it.
      new vscode.RelativePattern(
        vscode.Uri.file(folder),
        "{.downhill,.downhill/runs,.downhill/runs/*,.downhill/runs/*/run.json,.downhill/runs/*/marks.json}",
      ),
    );
    const refresh = ({ fsPath }: vscode.Uri): void => {
      const [name] = path.relative(runsFolderOf(folder), fsPath).split(path.sep);
      if (name === "" || name === "..") return this.recheck();
      if (name.startsWith(".")) return;
      this.indexes.get(folder)?.suspect(name);
      this.refresh();
    };
    watcher.onDidCreate(refresh);
    watcher.onDidChange(refresh);
    watcher.onDidDelete(refresh);
    this.subscriptions.push(watcher);
  }
}
