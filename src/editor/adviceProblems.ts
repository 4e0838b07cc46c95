import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import type { AdviceItem } from "../protocol/advice";
import { editFor } from "./applyAdvice";
import { rangeOf } from "./configProblems";
import { runConfigPattern } from "./contributed";
import { log } from "./errors";
import type { LiveRuns } from "./liveRuns";

const selector: vscode.DocumentSelector = { scheme: "file", pattern: runConfigPattern };

/** Looking waits for a pause in typing. */
const pause = 150;

interface Shown {
  diagnostic: vscode.Diagnostic;
  item: AdviceItem;
}

/**
 * The advice for the latest run of a run config, at the lines that it is about, with its remedies as quick fixes. It is shown
 * while the config still means what that run was made of, and goes when it is changed or another run begins.
 */
export class AdviceProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("downhill-advice");
  private readonly shown = new Map<string, Shown[]>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly liveRuns: LiveRuns) {
    const changed = (document: vscode.TextDocument, delay: number) => this.schedule(document, delay);
    this.subscriptions = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument((document) => changed(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => changed(document, pause)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.show(uri, [])),
      liveRuns.onDidStart(({ configFile }) => this.update(configFile)),
      liveRuns.onDidReport(({ run, delta }) => {
        if (delta.advice) this.update(run.configFile);
      }),
      vscode.languages.registerCodeActionsProvider(
        selector,
        { provideCodeActions: (document, range) => this.quickFixes(document, range) },
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
      ),
    ];
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private update(configFile: string): void {
    const document = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.scheme === "file" && uri.fsPath === configFile,
    );
    if (document) this.schedule(document, 0);
  }

  private schedule(document: vscode.TextDocument, delay: number): void {
    if (document.uri.scheme !== "file" || !this.liveRuns.ofConfig(document.uri.fsPath)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const look = () => {
      this.timers.delete(key);
      this.look(document).catch((error: unknown) => {
        log().error(`Could not show the advice for ${document.fileName}.`, String(error));
      });
    };
    this.timers.set(key, setTimeout(look, delay));
  }

  private async look(document: vscode.TextDocument): Promise<void> {
    const run = this.liveRuns.ofConfig(document.uri.fsPath);
    const language = runConfigLanguage(document.fileName);
    if (document.isClosed || language === null) return;
    if (!run || run.advice.length === 0 || run.configText === null) {
      this.show(document.uri, []);
      return;
    }
    const { readRunConfig, valueAt } = await import("./onDemand");
    const text = document.getText();
    const meaning = (config: string) => JSON.stringify(readRunConfig(config, language).config);
    if (text !== run.configText && meaning(text) !== meaning(run.configText)) {
      this.show(document.uri, []);
      return;
    }
    const shown = run.advice.map((item) => {
      const range = valueAt(text, language, item.path) ?? { start: 0, end: 1 };
      const diagnostic = new vscode.Diagnostic(
        rangeOf(document, range),
        `${item.title}: ${item.evidence}`,
        vscode.DiagnosticSeverity.Information,
      );
      diagnostic.source = "Downhill";
      diagnostic.code = item.id;
      return { diagnostic, item };
    });
    this.show(document.uri, shown);
  }

  private show(uri: vscode.Uri, shown: Shown[]): void {
    this.shown.set(uri.toString(), shown);
    this.collection.set(
      uri,
      shown.map(({ diagnostic }) => diagnostic),
    );
  }

  private async quickFixes(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
    const actions: vscode.CodeAction[] = [];
    for (const { diagnostic, item } of this.shown.get(document.uri.toString()) ?? []) {
      if (!diagnostic.range.intersection(range)) continue;
      for (const [place, fix] of item.fixes.entries()) {
        const edit = await editFor(document, fix).catch(() => null);
        if (!edit) continue;
        const action = new vscode.CodeAction(
          `${item.title}: ${fix.label.charAt(0).toLowerCase()}${fix.label.slice(1)}`,
          vscode.CodeActionKind.QuickFix,
        );
        action.edit = edit;
        action.diagnostics = [diagnostic];
        action.isPreferred = place === 0;
        actions.push(action);
      }
    }
    return actions;
  }
}
