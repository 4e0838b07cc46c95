import type * as vscode from "vscode";
import type { LiveRuns } from "./liveRuns";
import { connectWebview, webviewOptions } from "./webviews";

/** The compact loss chart in the side bar. It follows the active run. */
export class LossChartView implements vscode.WebviewViewProvider {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly liveRuns: LiveRuns,
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    view.webview.options = webviewOptions(this.extensionUri);
    const connection = connectWebview(view.webview, this.extensionUri, "side", "Loss");
    const { feed } = connection;
    const follow = () => {
      const { active } = this.liveRuns;
      if (feed.source === active) return;
      feed.show(active);
    };
    const subscriptions = [
      this.liveRuns.onDidChange(follow),
      view.onDidChangeVisibility(() => {
        if (!view.visible) feed.hidden();
      }),
    ];
    view.onDidDispose(() => {
      for (const subscription of subscriptions) subscription.dispose();
      connection.dispose();
    });
    follow();
  }
}
