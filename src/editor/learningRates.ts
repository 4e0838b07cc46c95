import path from "node:path";
import * as vscode from "vscode";
import { runConfigLanguage, runNameOf, type ConfigLanguage } from "../config/files";
import type { RangeTest } from "../protocol/rangeTest";
import { rangeOf } from "./configProblems";
import { commandIds } from "./contributed";
import { activeDocument, openDocument, saveDocument, showDocument } from "./documents";
import { ask, UserError, type Remedy } from "./errors";
import { workspaceFolderOf } from "./liveRuns";
import { rangeChartPage } from "./rangeChart";
import { createNonce } from "./webviewPage";

/** The commands that look for a learning rate: a sweep over several, and a range test. */
export class LearningRates {
  private readonly charts = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly workerFile: string) {}

  /** Writes a `compare` of five learning rates into the run config. @param file the run config's; absent: the active editor's */
  async sweep(file: string | null, middle?: number): Promise<void> {
    const { document, language } = await configOf(file);
    const { withSweep } = await import("./onDemand");
    const changed = withSweep(document.getText(), language, middle);
    if (changed === null) {
      throw new UserError(
        `${path.basename(document.fileName)} has an error, or compares other things already; mend it, or remove its "compare".`,
      );
    }
    await change(document, changed);
    await showDocument(document);
    const compare: Remedy = {
      label: "Compare All",
      run: () => vscode.commands.executeCommand(commandIds.trainNetwork, document.uri),
    };
    ask("information", `${path.basename(document.fileName)} compares five learning rates now.`, [compare]);
  }

  /** Trains a few steps at ascending learning rates, shows the losses, and offers the one to choose. */
  async test(file: string | null): Promise<void> {
    const { document, language } = await configOf(file);
    const configFile = document.fileName;
    const { commonConfig, rangeTestInWorker, rangeTestSentence } = await import("./onDemand");
    const configText = commonConfig(document.getText(), language);
    if (configText === null) {
      throw new UserError(
        `${path.basename(configFile)} has an error, or minimises a function, which has no batches to test on; a sweep compares learning rates of any run.`,
      );
    }
    const abort = new AbortController();
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Downhill: learning rates of ${runNameOf(configFile)}`,
      cancellable: true,
    };
    const start = {
      id: "range-test",
      configFile,
      configText,
      workspaceFolder: workspaceFolderOf(configFile),
      runsFolder: null,
      steps: "thinned" as const,
      trajectory: false,
    };
    const test = await vscode.window.withProgress(options, (progress, cancellation) => {
      cancellation.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
      return rangeTestInWorker(start, this.workerFile, abort.signal, (message) => {
        progress.report({ message });
      });
    });
    const sentence = rangeTestSentence(test);
    this.show(configFile, test, sentence);
    const { suggestion } = test;
    if (suggestion === null) {
      ask("warning", `${runNameOf(configFile)}: ${sentence}`, []);
      return;
    }
    const use: Remedy = {
      label: `Use ${suggestion}`,
      run: () => this.use(configFile, suggestion),
    };
    const sweep: Remedy = { label: "Compare Around It", run: () => this.sweep(configFile, suggestion) };
    ask(
      "information",
      `${runNameOf(configFile)}: ${sentence}`,
      suggestion === test.current ? [sweep] : [use, sweep],
    );
  }

  private async use(configFile: string, rate: number): Promise<void> {
    const { document, language } = await configOf(configFile);
    const { withLearningRate } = await import("./onDemand");
    const changed = withLearningRate(document.getText(), language, rate);
    if (changed === null)
      throw new UserError(`${path.basename(configFile)} has an error now; mend it first.`);
    await change(document, changed);
    await showDocument(document);
  }

  /** One chart for each run config. */
  private show(configFile: string, test: RangeTest, sentence: string): void {
    let panel = this.charts.get(configFile);
    if (!panel) {
      panel = vscode.window.createWebviewPanel(
        "downhill.learningRates",
        `Learning Rates of ${runNameOf(configFile)}`,
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: false, localResourceRoots: [] },
      );
      this.charts.set(configFile, panel);
      panel.onDidDispose(() => this.charts.delete(configFile));
    }
    panel.webview.html = rangeChartPage(runNameOf(configFile), test, sentence, createNonce());
    panel.reveal(undefined, true);
  }
}

async function configOf(
  file: string | null,
): Promise<{ document: vscode.TextDocument; language: ConfigLanguage }> {
  const active = activeDocument();
  const name = file ?? (active?.scheme === "file" ? active.path : null);
  const language = name === null ? null : runConfigLanguage(name);
  if (name === null || language === null) {
    throw new UserError(
      "Open the run config (NAME.train.json) whose learning rate is to be found, and try again.",
      [],
      "information",
    );
  }
  const document = await openDocument(name);
  await saveDocument(document);
  return { document, language };
}

/** As an edit that can be undone. */
async function change(document: vscode.TextDocument, changed: string): Promise<void> {
  const { difference } = await import("./onDemand");
  const { start, end, text } = difference(document.getText(), changed);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, { start, end }), text);
  await vscode.workspace.applyEdit(edit);
}
