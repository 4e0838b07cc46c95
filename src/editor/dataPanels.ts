import { stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { FromDescriptionView, ToDescriptionView } from "../protocol/describe";
import { PROTOCOL_VERSION } from "../protocol/run";
import { viewIds } from "./contributed";
import type { DataDescriptions } from "./dataDescriptions";
import { showError } from "./errors";
import type { TrainNetwork } from "./trainNetwork";
import { pageOf, webviewOptions } from "./webviews";

/** Milliseconds of quiet after a change of the file before it is read again: programs write in bursts. */
const quiet = 400;

/** The editor panels that show what is in data files, one for each file. */
export class DataPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, DataPanel>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly descriptions: DataDescriptions,
    private readonly train: TrainNetwork,
  ) {}

  /** Shows a data file: in the panel that it has, or in a new one. */
  open(file: string): void {
    const panel = this.panels.get(file);
    if (panel) return panel.reveal();
    const webviewPanel = vscode.window.createWebviewPanel(
      viewIds.data,
      titleOf(file),
      vscode.ViewColumn.Active,
      { ...webviewOptions(this.extensionUri), retainContextWhenHidden: false, enableFindWidget: true },
    );
    this.adopt(webviewPanel, file);
  }

  /** After a window reload: the panel comes back with what its page had kept, the path of its file. */
  deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const file = pathIn(state);
    if (file === null) webviewPanel.dispose();
    else {
      webviewPanel.webview.options = webviewOptions(this.extensionUri);
      this.adopt(webviewPanel, file);
    }
    return Promise.resolve();
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }

  private adopt(webviewPanel: vscode.WebviewPanel, file: string): void {
    const panel = new DataPanel(webviewPanel, this.extensionUri, file, this.descriptions, this.train);
    this.panels.set(file, panel);
    webviewPanel.onDidDispose(() => {
      if (this.panels.get(file) === panel) this.panels.delete(file);
    });
  }
}

/** What a page is told, less what is always the same. */
type Told =
  | Omit<Extract<ToDescriptionView, { type: "description" }>, "version" | "path">
  | Omit<Extract<ToDescriptionView, { type: "loading" }>, "version" | "path">
  | Omit<Extract<ToDescriptionView, { type: "failed" }>, "version" | "path">;

class DataPanel {
  private readonly subscriptions: vscode.Disposable[];
  private told: Told;
  private reading: AbortController | null = null;
  /** Of the file as it was last read. */
  private stamp = "";
  private timer: NodeJS.Timeout | undefined;
  private pageLoaded = false;

  constructor(
    private readonly webviewPanel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly file: string,
    private readonly descriptions: DataDescriptions,
    private readonly train: TrainNetwork,
  ) {
    const { webview } = webviewPanel;
    const icon = (name: string) => vscode.Uri.joinPath(extensionUri, "media", name);
    webviewPanel.iconPath = { light: icon("data-light.svg"), dark: icon("data-dark.svg") };
    this.told = { type: "loading", message: `Reading ${path.basename(file)}`, fraction: null };
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file)),
    );
    const changed = () => this.changed();
    this.subscriptions = [
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
      webview.onDidReceiveMessage((message: FromDescriptionView) => void this.receive(message)),
      webviewPanel.onDidChangeViewState(() => {
        // A hidden webview keeps nothing, and its page says when it has come again.
        if (!webviewPanel.visible) this.pageLoaded = false;
      }),
    ];
    webviewPanel.onDidDispose(() => {
      clearTimeout(this.timer);
      this.reading?.abort(new vscode.CancellationError());
      // What comes of it later must not touch the page, which is gone.
      this.reading = null;
      this.pageLoaded = false;
      for (const subscription of this.subscriptions) subscription.dispose();
    });
    webview.html = pageOf(webview, extensionUri, "describe", titleOf(file));
    void this.read();
  }

  reveal(): void {
    this.webviewPanel.reveal();
  }

  dispose(): void {
    this.webviewPanel.dispose();
  }

  private async receive(message: FromDescriptionView): Promise<void> {
    try {
      switch (message.type) {
        case "ready":
          this.pageLoaded = true;
          {
            this.post();
            return;
          }
        case "train": {
          await this.train.trainData(this.file, message.target);
          return;
        }
        case "createConfig":
          await this.train.openConfigFor(this.file, message.target);
          return;
        case "again": {
          await this.read();
          return;
        }
        case "cancel":
          this.reading?.abort(new vscode.CancellationError());
          return;
        case "openFile":
          await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(this.file));
      }
    } catch (error) {
      showError(error, message.type === "train" ? "train the network" : "open the file");
    }
  }

  private async read(): Promise<void> {
    this.reading?.abort(new vscode.CancellationError());
    const reading = new AbortController();
    this.reading = reading;
    const name = path.basename(this.file);
    // What is shown stays while a changed file is read again.
    const quietly = this.told.type === "description";
    if (!quietly) this.tell({ type: "loading", message: `Reading ${name}`, fraction: null });
    this.stamp = await stampOf(this.file);
    try {
      const description = await this.descriptions.describe(this.file, {
        signal: reading.signal,
        onProgress: (message, fraction) => {
          if (!quietly && this.reading === reading) this.tell({ type: "loading", message, fraction });
        },
      });
      if (this.reading === reading) this.tell({ type: "description", description });
    } catch (error) {
      if (this.reading !== reading) return;
      const cancelled = reading.signal.aborted;
      const reason = error instanceof Error ? error.message : String(error);
      const known = error instanceof Error && error.name === "DataError";
      const message = known ? reason : `Downhill could not describe ${name}: ${reason}.`;
      this.tell({ type: "failed", message: cancelled ? `Reading ${name} was cancelled.` : message });
    } finally {
      if (this.reading === reading) this.reading = null;
    }
  }

  private changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void stampOf(this.file).then((stamp) => {
        // Some changes are of other things than what is in the file.
        if (stamp !== this.stamp) void this.read();
      });
    }, quiet);
  }

  private tell(told: Told): void {
    this.told = told;
    this.post();
  }

  private post(): void {
    if (!this.pageLoaded) return;
    const message: ToDescriptionView = { ...this.told, version: PROTOCOL_VERSION, path: this.file };
    // Never awaited: a page that is being closed answers late or not at all.
    void this.webviewPanel.webview.postMessage(message);
  }
}

function titleOf(file: string): string {
  return `Data: ${path.basename(file)}`;
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return "";
  }
}

/** The path that the page kept with `setState`. */
function pathIn(state: unknown): string | null {
  if (typeof state !== "object" || state === null) return null;
  const { path: file } = state as { path?: unknown };
  return typeof file === "string" ? file : null;
}
