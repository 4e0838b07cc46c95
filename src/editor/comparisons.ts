import * as vscode from "vscode";
import type { Comparison, FromComparison, ToComparison } from "../protocol/comparison";
import { PROTOCOL_VERSION } from "../protocol/run";
import { comparisonLabels } from "./comparisonLabels";
import { commandIds, viewIds } from "./contributed";
import { showError, UserError } from "./errors";
import { ownArrays } from "./mergeDeltas";
import type { RunSource } from "./runSource";
import { saveFigure } from "./saveFigure";
import { pageOf, webviewOptions } from "./webviews";

/** More lines than this nobody can follow. */
const mostRuns = 12;

/** Milliseconds between two pictures of runs that go on: each is whole, so they are fewer than those of a panel. */
const interval = 1000;

/** Shows runs in one chart, whose legend names only the settings in which they differ. */
export class Comparisons implements vscode.Disposable {
  private readonly panels = new Set<vscode.WebviewPanel>();

  constructor(private readonly extensionUri: vscode.Uri) {}

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
    const panel = vscode.window.createWebviewPanel(
      viewIds.comparison,
      `${runs.length} Runs`,
      vscode.ViewColumn.Active,
      { ...webviewOptions(this.extensionUri), retainContextWhenHidden: false },
    );
    this.panels.add(panel);
    const feed = new ComparisonFeed(runs, (message) => void panel.webview.postMessage(message));
    const icon = (name: string) => vscode.Uri.joinPath(this.extensionUri, "media", name);
    panel.iconPath = { light: icon("panel-light.svg"), dark: icon("panel-dark.svg") };
    panel.webview.onDidReceiveMessage((message: FromComparison) => {
      if (message.type === "ready") feed.send();
      else if (message.type === "save") void saveFigure(message);
      else void vscode.commands.executeCommand(commandIds.showCharts, message.run);
    });
    panel.onDidDispose(() => {
      feed.dispose();
      this.panels.delete(panel);
    });
    panel.webview.html = pageOf(panel.webview, this.extensionUri, "compare", panel.title);
  }

  dispose(): void {
    for (const panel of this.panels) panel.dispose();
  }
}

/** Sends the comparison when the page asks for it, and again while a run of it goes on. */
class ComparisonFeed {
  private readonly subscriptions: (() => void)[];
  private timer: NodeJS.Timeout | undefined;
  private loaded = false;

  constructor(
    private readonly runs: readonly RunSource[],
    private readonly post: (message: ToComparison) => void,
  ) {
    this.subscriptions = runs.flatMap((run) => run.onDelta?.(() => this.later()) ?? []);
  }

  send(): void {
    this.loaded = true;
    void this.comparison().then(
      (comparison) => this.post({ type: "comparison", version: PROTOCOL_VERSION, comparison }),
      (error: unknown) => showError(error, "read the runs that are compared"),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }

  private later(): void {
    if (!this.loaded) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, interval);
  }

  private async comparison(): Promise<Comparison> {
    const { varyingKeys } = await import("./onDemand");
    const known = this.runs.map(({ settings }) => settings ?? {});
    // Where a run's own settings are not known yet, nothing can be said to differ.
    const keys = this.runs.every(({ settings }) => settings) ? varyingKeys(known) : [];
    const labels = comparisonLabels(this.runs, keys);
    const runs = this.runs.map(async (run, i) => ({
      label: labels[i],
      settings: keys.map((key) => known[i][key] ?? null),
      snapshot: ownArrays(await run.load()),
    }));
    return { keys, runs: await Promise.all(runs) };
  }
}
