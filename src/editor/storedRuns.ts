import * as vscode from "vscode";
import type { RunSnapshot } from "../protocol/webview";
import type { StoredRun } from "../run/runStore";
import { runConfigLanguage } from "../config/files";
import { showError } from "./errors";
import { runsFolderOf, workspaceFolderOf } from "./liveRuns";
import type { RunSource } from "./runSource";

/** The runs kept in the workspace's `.downhill/runs` folders, followed as they change. */
export class StoredRuns implements vscode.Disposable {
  private list: readonly RunSource[] = [];
  private loaded: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private readonly watchers = new Map<string, vscode.Disposable>();
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
    return this.list;
  }

  /** Reads the list if that has not been done, and resolves when it is there. */
  ready(): Promise<void> {
    this.loaded ??= this.read();
    return this.loaded;
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
    for (const disposable of [...this.watchers.values(), ...this.subscriptions, this.changes])
      disposable.dispose();
  }

  private async read(): Promise<void> {
    try {
      const { listRuns, loadRun } = await import("./onDemand");
      const workspaceFolders = this.workspaceFolders();
      this.watch(workspaceFolders);
      const lists = await Promise.all(workspaceFolders.map((folder) => listRuns(runsFolderOf(folder))));
      this.list = lists
        .flat()
        .map((run) => storedSource(run, loadRun))
        .sort((a, b) => b.startedAt - a.startedAt);
      this.isRead = true;
      this.changes.fire();
    } catch (error) {
      showError(error, "list the runs of this workspace");
    }
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

  private watch(workspaceFolders: string[]): void {
    for (const folder of workspaceFolders) {
      if (this.watchers.has(folder)) continue;
      const watcher = vscode.workspace.createFileSystemWatcher(
        // The folders too: one that is deleted or moved as a whole tells nothing of the files in it.
        new vscode.RelativePattern(
          vscode.Uri.file(folder),
          "{.downhill,.downhill/runs,.downhill/runs/*,.downhill/runs/*/run.json}",
        ),
      );
      watcher.onDidCreate(() => this.refresh());
      watcher.onDidChange(() => this.refresh());
      watcher.onDidDelete(() => this.refresh());
      this.watchers.set(folder, watcher);
    }
  }
}

function storedSource(run: StoredRun, loadRun: (folder: string) => Promise<RunSnapshot>): RunSource {
  const { id, name, configFile, folder, status, startedAt, result } = run;
  return { id, name, configFile, folder, status, startedAt, result, load: () => loadRun(folder) };
}
