import * as vscode from "vscode";
import type { AnyDescription } from "../protocol/run";
import { commandIds, runItemContexts, viewIds } from "./contributed";
import { LiveSource, type LiveRuns } from "./liveRuns";
import { isFinished, mergeRuns, type RunSource } from "./runSource";
import { runIcon, runItemDescription, runTooltip, statusWord } from "./runTexts";
import type { StoredRuns } from "./storedRuns";

/**
 * What a click on a run executes. It has no arguments: with each refresh of an item the editor forgets the ones it
 * had, and a click that comes just then would find nothing to execute.
 */
const openSelected = "_downhill.openSelectedRun";

/** Progress in the list is refreshed at most this often. */
const interval = 1000;

/** The list of runs in the side bar, newest first. */
export class RunsView implements vscode.TreeDataProvider<RunSource>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<RunSource | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<RunSource>;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  /** The ages of runs grow while one looks at them. */
  private readonly clock: NodeJS.Timeout;

  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly storedRuns: StoredRuns,
  ) {
    this.view = vscode.window.createTreeView(viewIds.runs, { treeDataProvider: this });
    this.subscriptions = [
      this.view,
      vscode.commands.registerCommand(openSelected, () =>
        vscode.commands.executeCommand(commandIds.openRun, this.view.selection.at(0)),
      ),
      liveRuns.onDidChange(() => this.refresh()),
      storedRuns.onDidChange(() => this.refresh()),
      liveRuns.onDidReport(({ run }) => {
        if (!this.view.visible) return;
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          this.changes.fire(run);
        }, interval);
      }),
    ];
    this.clock = setInterval(() => {
      if (this.view.visible) this.changes.fire(undefined);
    }, 60_000);
  }

  async getChildren(parent?: RunSource): Promise<RunSource[]> {
    if (parent) return [];
    await this.storedRuns.ready();
    return mergeRuns(this.liveRuns.all, this.storedRuns.runs);
  }

  getTreeItem(run: RunSource): vscode.TreeItem {
    const item = new vscode.TreeItem(run.name);
    const progress = run instanceof LiveSource ? run.latest.progress : null;
    const epochs = run instanceof LiveSource ? epochsOf(run.description) : null;
    const { icon, color } = runIcon(run.status);
    item.id = run.id;
    item.description = runItemDescription(run, Date.now(), progress, epochs);
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.contextValue = isFinished(run)
      ? runItemContexts.finished
      : run.status === "paused"
        ? runItemContexts.paused
        : runItemContexts.running;
    item.command = { command: openSelected, title: "Open Run" };
    item.accessibilityInformation = { label: `${run.name}, ${statusWord(run.status)}, ${item.description}` };
    item.tooltip = new vscode.MarkdownString(
      runTooltip(
        run,
        new Date(run.startedAt).toLocaleString(),
        (text) => new vscode.MarkdownString().appendText(text).value,
      ),
    );
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearInterval(this.clock);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changes.dispose();
  }

  private refresh(): void {
    const count = this.liveRuns.unfinished.length;
    const tooltip = count === 1 ? "1 run is being trained" : `${count} runs are being trained`;
    this.view.badge = count === 0 ? undefined : { value: count, tooltip };
    this.changes.fire(undefined);
  }
}

/** A descent on a function has none. */
function epochsOf(description: AnyDescription | null): number | null {
  return description && !description.function ? description.epochs : null;
}
