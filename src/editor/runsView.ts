import * as vscode from "vscode";
import type { AnyDescription } from "../protocol/run";
import { commandIds, contextKeys, runItemContexts, viewIds } from "./contributed";
import { LiveSource, type LiveRuns } from "./liveRuns";
import { isFinished, mergeRuns, type RunSource } from "./runSource";
import { runIcon, runItemTexts, runTooltip, statusWord } from "./runTexts";
import { runTree, type ConfigNode, type MoreNode, type RunNode, type TreeNode } from "./runTree";
import type { StoredRuns } from "./storedRuns";

/**
 * What a click on an item executes. It has no arguments: with each refresh of an item the editor forgets the ones it
 * had, and a click that comes just then would find nothing to execute.
 */
const openSelected = "_downhill.openSelectedRun";

/** Progress in the list is refreshed at most this often. */
const interval = 1000;

/** So many runs of a config are shown at first, and so many more at each wish: the editor draws thousands slowly. */
const pageSize = 50;

/** The list of runs in the side bar: run configs, and under each its runs, newest first. */
export class RunsView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  /** The ages of runs grow while one looks at them. */
  private readonly clock: NodeJS.Timeout;
  private roots: readonly ConfigNode[] = [];
  private readonly limits = new Map<string, number>();
  private filterText = "";

  constructor(
    private readonly liveRuns: LiveRuns,
    private readonly storedRuns: StoredRuns,
  ) {
    this.view = vscode.window.createTreeView(viewIds.runs, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.subscriptions = [
      this.view,
      vscode.commands.registerCommand(openSelected, () => this.openSelected()),
      liveRuns.onDidChange(() => this.refresh()),
      storedRuns.onDidChange(() => {
        liveRuns.remember(storedRuns.runs);
        this.refresh();
      }),
      // Told by the runs themselves: not every system has watchers that see them.
      liveRuns.onDidStart(() => storedRuns.refresh()),
      liveRuns.onDidEnd(() => storedRuns.recheck()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) storedRuns.recheck();
      }),
      liveRuns.onDidReport(({ run }) => {
        if (!this.view.visible) return;
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          this.changes.fire(this.nodeOf(run));
        }, interval);
      }),
    ];
    this.clock = setInterval(() => {
      if (this.view.visible) this.changes.fire(undefined);
    }, 60_000);
  }

  /** The runs that are selected in the list. */
  get selected(): RunSource[] {
    return this.view.selection.flatMap((node) => (node.kind === "run" ? [node.run] : []));
  }

  get filter(): string {
    return this.filterText;
  }

  /** Shows only the runs in which all these words are found; none of them shows all. */
  setFilter(words: string): void {
    this.filterText = words.trim();
    this.view.description = this.filterText === "" ? undefined : `“${this.filterText}”`;
    void vscode.commands.executeCommand("setContext", contextKeys.filtered, this.filterText !== "");
    this.refresh();
  }

  async getChildren(parent?: TreeNode): Promise<TreeNode[]> {
    if (parent) return parent.kind === "config" ? [...parent.children] : [];
    await this.storedRuns.ready();
    const runs = mergeRuns<RunSource, RunSource>(this.liveRuns.all, this.storedRuns.runs);
    this.roots = runTree(runs, {
      filter: this.filterText,
      limitOf: (configFile) => this.limits.get(configFile) ?? pageSize,
    });
    this.view.message =
      this.filterText !== "" && this.roots.length === 0 ? "No run has all of these words." : undefined;
    return [...this.roots];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    switch (node.kind) {
      case "config":
        return this.configItem(node);
      case "run":
        return runItem(node);
      case "more":
        return moreItem(node);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearInterval(this.clock);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changes.dispose();
  }

  private configItem(node: ConfigNode): vscode.TreeItem {
    const open = this.roots.length <= 3 || node === this.roots[0] || this.filterText !== "";
    const item = new vscode.TreeItem(
      node.name,
      open ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
    );
    const count = node.count === 1 ? "1 run" : `${node.count.toLocaleString("en")} runs`;
    item.id = node.id;
    item.description =
      node.place === "" ? count : `${count} · ${vscode.workspace.asRelativePath(node.place)}`;
    item.iconPath = new vscode.ThemeIcon("settings");
    item.contextValue = runItemContexts.config;
    item.tooltip = node.configFile;
    return item;
  }

  private async openSelected(): Promise<void> {
    const node = this.view.selection.at(0);
    if (node?.kind === "run") await vscode.commands.executeCommand(commandIds.openRun, node.run);
    if (node?.kind !== "more") return;
    this.limits.set(node.configFile, (this.limits.get(node.configFile) ?? pageSize) + pageSize);
    this.refresh();
  }

  private nodeOf(run: RunSource): TreeNode | undefined {
    return this.roots.flatMap(({ children }) => children).find(({ id }) => id === run.id);
  }

  private refresh(): void {
    const count = this.liveRuns.unfinished.length;
    const tooltip = count === 1 ? "1 run is being trained" : `${count} runs are being trained`;
    this.view.badge = count === 0 ? undefined : { value: count, tooltip };
    this.changes.fire(undefined);
  }
}

function runItem({ run, before }: RunNode): vscode.TreeItem {
  const progress = run instanceof LiveSource ? run.latest.progress : null;
  const epochs = run instanceof LiveSource ? epochsOf(run.description) : null;
  const { label, description } = runItemTexts(run, before, Date.now(), progress, epochs);
  const { icon, color } = runIcon(run.status);
  const item = new vscode.TreeItem(label);
  item.id = run.id;
  item.description = run.pinned ? `pinned · ${description}` : description;
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  const kind = isFinished(run)
    ? run.resumable
      ? runItemContexts.resumable
      : runItemContexts.finished
    : run.status === "paused"
      ? runItemContexts.paused
      : runItemContexts.running;
  item.contextValue = run.pinned ? `${kind}.pinned` : kind;
  item.command = { command: openSelected, title: "Open Run" };
  item.accessibilityInformation = {
    label: `${run.name}, ${statusWord(run.status)}, ${label}, ${item.description}`,
  };
  const escape = (text: string): string => new vscode.MarkdownString().appendText(text).value;
  const startedAt = new Date(run.startedAt).toLocaleString();
  item.tooltip = new vscode.MarkdownString(runTooltip(run, before, startedAt, escape));
  return item;
}

function moreItem({ id, hidden }: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    `Show ${Math.min(pageSize, hidden)} more of ${hidden.toLocaleString("en")}`,
  );
  item.id = id;
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = { command: openSelected, title: "Show More Runs" };
  return item;
}

/** A descent on a function has none. */
function epochsOf(description: AnyDescription | null): number | null {
  return description && !description.function ? description.epochs : null;
}
