import * as vscode from "vscode";
import { commandIds } from "./contributed";
import type { LiveRuns, LiveSource } from "./liveRuns";
import { isFinished } from "./runSource";
import { statusBarText } from "./runTexts";

/** How long a result stays. */
const resultStays = 5 * 60_000;
/** The text changes at most this often: each change crosses to the window's process. */
const interval = 250;

/** The progress of the run that was started last; a click shows its charts. */
export class RunStatusBar implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private run: LiveSource | null = null;
  /** Whose charts a click shows. */
  private commandRun: string | null = null;
  private timer: NodeJS.Timeout | undefined;
  private leaving: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(liveRuns: LiveRuns) {
    this.subscriptions = [
      liveRuns.onDidStart((run) => this.follow(run)),
      liveRuns.onDidReport(({ run }) => {
        // While several runs go on, the one that goes on is more telling than one that has ended.
        if (this.run && isFinished(this.run) && !isFinished(run)) this.follow(run);
        if (run === this.run) this.timer ??= setTimeout(() => this.update(), interval);
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.leaving);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.item?.dispose();
  }

  private follow(run: LiveSource): void {
    this.run = run;
    clearTimeout(this.leaving);
    this.leaving = undefined;
    this.update();
  }

  private update(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { run } = this;
    if (!run) return;
    if (!this.item) {
      this.item = vscode.window.createStatusBarItem("downhill.run", vscode.StatusBarAlignment.Left, 10);
      this.item.name = "Downhill Run";
    }
    const { loading, progress } = run.latest;
    const { text, tooltip, severity } = statusBarText(run, loading, run.description, progress);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.backgroundColor =
      severity === "none" ? undefined : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
    // A new command object makes the editor forget the one before, which the window may just be executing.
    if (this.commandRun !== run.id) {
      this.commandRun = run.id;
      this.item.command = { command: commandIds.showCharts, title: "Show Charts", arguments: [run.id] };
    }
    this.item.show();
    if (isFinished(run)) this.leaving ??= setTimeout(() => this.item?.hide(), resultStays);
  }
}
