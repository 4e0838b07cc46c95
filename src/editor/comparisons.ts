import * as vscode from "vscode";
import { runNameOf } from "../config/files";
import type { FromComparison } from "../protocol/comparison";
import { ComparisonFeed } from "./comparisonFeed";
import { commandIds, viewIds } from "./contributed";
import { UserError } from "./errors";
import type { RunSource } from "./runSource";
import { saveFigure } from "./saveFigure";
import { pageOf, webviewOptions } from "./webviews";

/** More lines than this nobody can follow. */
const mostRuns = 12;

interface View {
  panel: vscode.WebviewPanel;
  feed: ComparisonFeed;
}

/** Shows runs in one view, whose legend names only the settings in which they differ. */
export class Comparisons implements vscode.Disposable {
  private readonly views = new Set<View>();
  /** Of the run configs that stand for several runs: the next comparison of one takes its view over. */
  private readonly ofConfigs = new Map<string, View>();

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** Runs that the user chose. */
  open(chosen: readonly RunSource[]): void {
    if (chosen.length < 2)
      throw new UserError(
        "Select two runs or more in the list of runs (with Ctrl or Shift), then compare them.",
        [],
        "information",
      );
    if (chosen.length > mostRuns)
      throw new UserError(`${chosen.length} runs are too many for one chart; select at most ${mostRuns}.`);
    const runs = [...chosen].sort((a, b) => a.startedAt - b.startedAt);
    this.create(runs, `${runs.length} Runs`, vscode.ViewColumn.Active, null);
  }

  /** The runs that one run config stands for, in its order. */
  openTogether(runs: readonly RunSource[], { preserveFocus }: { preserveFocus: boolean }): void {
    const inOrder = [...runs].sort((a, b) => (a.comparison?.index ?? 0) - (b.comparison?.index ?? 0));
    const { configFile } = inOrder[0];
    const name = runNameOf(configFile);
    const view = this.ofConfigs.get(configFile);
    if (view) {
      view.feed.show(inOrder);
      view.panel.reveal(undefined, preserveFocus);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus };
    const created = this.create(inOrder, `Compare ${name}`, place, name);
    this.ofConfigs.set(configFile, created);
    created.panel.onDidDispose(() => this.ofConfigs.delete(configFile));
  }

  /** Whether a run can be seen in a view. */
  isVisible(run: RunSource): boolean {
    return [...this.views].some(({ panel, feed }) => panel.visible && feed.has(run.id));
  }

  dispose(): void {
    for (const { panel } of this.views) panel.dispose();
  }

  private create(
    runs: readonly RunSource[],
    title: string,
    place: vscode.ViewColumn | { viewColumn: vscode.ViewColumn; preserveFocus: boolean },
    name: string | null,
  ): View {
    const panel = vscode.window.createWebviewPanel(viewIds.comparison, title, place, {
      ...webviewOptions(this.extensionUri),
      retainContextWhenHidden: false,
    });
    const feed = new ComparisonFeed(runs, name, (message) => void panel.webview.postMessage(message));
    const view = { panel, feed };
    this.views.add(view);
    const icon = (file: string) => vscode.Uri.joinPath(this.extensionUri, "media", file);
    panel.iconPath = { light: icon("panel-light.svg"), dark: icon("panel-dark.svg") };
    panel.webview.onDidReceiveMessage((message: FromComparison) => {
      if (message.type === "ready") feed.ready();
      else if (message.type === "save") void saveFigure(message);
      else if (message.type === "open")
        void vscode.commands.executeCommand(commandIds.showCharts, message.run);
      else feed.stop();
    });
    panel.onDidChangeViewState(() => {
      // A hidden page keeps nothing, and says that it is ready when it comes back.
      if (!panel.visible) feed.hidden();
    });
    panel.onDidDispose(() => {
      feed.dispose();
      this.views.delete(view);
    });
    panel.webview.html = pageOf(panel.webview, this.extensionUri, "compare", panel.title);
    return view;
  }
}
