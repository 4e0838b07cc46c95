import * as vscode from "vscode";
import { viewIds } from "./contributed";
import { Labs } from "./labs";
import type { LiveRuns } from "./liveRuns";
import { PanelLayouts } from "./panelLayouts";
import type { RunFeed } from "./runFeed";
import type { RunSource } from "./runSource";
import type { StoredRuns } from "./storedRuns";
import { connectWebview, webviewOptions } from "./webviews";

interface Panel {
  webviewPanel: vscode.WebviewPanel;
  feed: RunFeed;
  /** Opened from the list of runs: the next one from there takes its place. */
  preview: boolean;
}

/**
 * The editor panels with charts. A run config has one, which its next run takes over; a run looked up in the list
 * gets one that the next such run takes over, so that looking through ten runs does not leave ten panels.
 */
export class Panels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly panels = new Set<Panel>();
  private readonly layouts: PanelLayouts;
  private readonly changes = new vscode.EventEmitter<void>();
  /** Another panel has the focus, or none. */
  readonly onDidChangeFocus = this.changes.event;
  private readonly labs: Labs;

  constructor(
    private readonly extensionUri: vscode.Uri,
    memory: vscode.Memento,
    private readonly liveRuns: LiveRuns,
    storedRuns: StoredRuns,
    /** Finds a run by its id among those that are stored. */
    private readonly findRun: (id: string) => Promise<RunSource | undefined>,
  ) {
    this.layouts = new PanelLayouts(memory);
    this.labs = new Labs(liveRuns, storedRuns);
  }

  /** The run whose charts have the focus. */
  get focused(): RunSource | null {
    return [...this.panels].find(({ webviewPanel }) => webviewPanel.active)?.feed.source ?? null;
  }

  isVisible(run: RunSource): boolean {
    return [...this.panels].some(
      ({ webviewPanel, feed }) => webviewPanel.visible && feed.source?.id === run.id,
    );
  }

  /** Shows a run's charts: in the panel that has it, in the one it takes over, or in a new one beside the editor. */
  open(run: RunSource, { preview, preserveFocus }: { preview: boolean; preserveFocus: boolean }): void {
    const panel = this.find(run, preview) ?? this.create(run.name);
    panel.preview = preview && panel.preview;
    this.show(panel, run);
    if (!panel.webviewPanel.visible || !preserveFocus) panel.webviewPanel.reveal(undefined, preserveFocus);
    this.liveRuns.activate(run);
  }

  /** Draws another run beside a run in the panel that shows it. */
  showBeside(run: RunSource, beside: RunSource): void {
    for (const { feed } of this.panels) if (feed.source?.id === run.id) feed.showBeside(beside);
  }

  /** After a window reload: the panel comes back with what its page had kept, the id of its run. */
  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    webviewPanel.webview.options = webviewOptions(this.extensionUri);
    const panel = this.adopt(webviewPanel, false);
    const id = runIdIn(state);
    const run = id === null ? undefined : await this.findRun(id);
    if (!run || !this.panels.has(panel)) return;
    this.show(panel, run);
    if (!this.liveRuns.active) this.liveRuns.activate(run);
  }

  dispose(): void {
    for (const { webviewPanel } of [...this.panels]) webviewPanel.dispose();
    this.changes.dispose();
  }

  private find(run: RunSource, preview: boolean): Panel | undefined {
    const panels = [...this.panels];
    const showing = panels.find(({ feed }) => feed.source?.id === run.id);
    if (showing) return showing;
    if (preview) return panels.find((panel) => panel.preview);
    return panels.find((panel) => !panel.preview && panel.feed.source?.configFile === run.configFile);
  }

  private show(panel: Panel, run: RunSource): void {
    panel.webviewPanel.title = run.name;
    const { source } = panel.feed;
    // A run that goes on has the id that it had, but what is stored of it tells of no change.
    const same = source === run || (source?.id === run.id && !source.onDelta && !run.onDelta);
    if (!same) panel.feed.show(run);
  }

  private create(title: string): Panel {
    const empty =
      vscode.window.visibleTextEditors.length === 0 &&
      vscode.window.tabGroups.all.every((group) => group.tabs.length === 0);
    const webviewPanel = vscode.window.createWebviewPanel(
      viewIds.panel,
      title,
      { viewColumn: empty ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside, preserveFocus: true },
      { ...webviewOptions(this.extensionUri), retainContextWhenHidden: false },
    );
    return this.adopt(webviewPanel, true);
  }

  private adopt(webviewPanel: vscode.WebviewPanel, preview: boolean): Panel {
    const icon = (name: string) => vscode.Uri.joinPath(this.extensionUri, "media", name);
    webviewPanel.iconPath = { light: icon("panel-light.svg"), dark: icon("panel-dark.svg") };
    const { webview, title } = webviewPanel;
    const { layouts, labs } = this;
    const connection = connectWebview(webview, this.extensionUri, "panel", title, layouts, labs);
    const panel: Panel = { webviewPanel, feed: connection.feed, preview };
    this.panels.add(panel);
    let visible = webviewPanel.visible;
    webviewPanel.onDidChangeViewState(() => {
      if (visible && !webviewPanel.visible) {
        panel.feed.hidden();
        connection.desk?.clear();
      }
      visible = webviewPanel.visible;
      if (webviewPanel.active && panel.feed.source) this.liveRuns.activate(panel.feed.source);
      this.changes.fire();
    });
    webviewPanel.onDidDispose(() => {
      this.panels.delete(panel);
      connection.dispose();
      this.changes.fire();
    });
    return panel;
  }
}

/** The id that the page kept with `setState`. */
function runIdIn(state: unknown): string | null {
  if (typeof state !== "object" || state === null) return null;
  const { run } = state as { run?: unknown };
  return typeof run === "string" ? run : null;
}
