import * as vscode from "vscode";
import { runConfigLanguage, type ConfigLanguage } from "../config/files";
import type { Problem } from "../config/problem";
import { dataFilePattern, yamlExtension } from "./contributed";
import { dataAccess } from "./dataAccess";
import type { DataDescriptions } from "./dataDescriptions";
import { log } from "./errors";
import { failurePath } from "./failurePath";

/** Checking waits for a pause in typing. */
const pause = 150;

/** Programs write data files in bursts. */
const dataQuiet = 500;

/** So long the problems of a text wait for those of its data, that they come and go together. */
const dataPatience = 100;

/** Extensions that report malformed text themselves, by the language of the run config. */
const languageCheckers = { json: "vscode.json-language-features", yaml: yamlExtension };

interface Checked {
  version: number;
  problems: Problem[];
}

/** Problems of the open run configs, in the Problems panel while typing. */
export class ConfigProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("downhill");
  private readonly checked = new Map<string, Checked>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** What a run found wrong with the data, shown at the config until that is changed. */
  private readonly runFailures = new Map<string, Problem>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly descriptions: DataDescriptions) {
    // A data file that comes, goes or changes makes other names right.
    const watcher = vscode.workspace.createFileSystemWatcher(dataFilePattern);
    const dataChanged = () => {
      for (const document of vscode.workspace.textDocuments) this.schedule(document, dataQuiet);
    };
    this.subscriptions = [
      watcher,
      watcher.onDidCreate(dataChanged),
      watcher.onDidChange(dataChanged),
      watcher.onDidDelete(dataChanged),
      vscode.workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0) return;
        this.runFailures.delete(document.uri.toString());
        this.schedule(document, pause);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
      this.collection,
    ];
    for (const document of vscode.workspace.textDocuments) this.schedule(document, 0);
  }

  /** The problems of a run config's text as it stands, also those that have been reported by others. */
  async problemsOf(document: vscode.TextDocument): Promise<readonly Problem[]> {
    const language = runConfigLanguage(document.fileName);
    if (language === null) return [];
    // Who trains does not wait for a look at the data: the run reads them all.
    this.schedule(document, 0);
    const { readRunConfig } = await import("./onDemand");
    return readRunConfig(document.getText(), language).problems;
  }

  /** The problems that were last found, for quick fixes; none while the document is newer. */
  knownProblems(document: vscode.TextDocument): readonly Problem[] {
    const key = document.uri.toString();
    const known = this.checked.get(key);
    if (known?.version !== document.version) return [];
    const failure = this.runFailures.get(key);
    return failure ? [...known.problems, failure] : known.problems;
  }

  /** Shows why a run of an open run config failed, at the key that it is about, until the config is changed. */
  async showRunFailure(configFile: string, message: string): Promise<void> {
    const uri = vscode.Uri.file(configFile);
    const document = openDocumentAt(uri);
    const language = runConfigLanguage(configFile);
    if (!document || language === null) return;
    const { valueAt } = await import("./onDemand");
    const path = failurePath(message);
    const range = valueAt(document.getText(), language, path) ?? { start: 0, end: 0 };
    this.runFailures.set(uri.toString(), {
      message,
      severity: "error",
      start: range.start,
      end: range.end,
      path,
    });
    await this.check(document);
  }

  clearRunFailure(uri: vscode.Uri): void {
    if (!this.runFailures.delete(uri.toString())) return;
    const document = openDocumentAt(uri);
    if (document) this.schedule(document, 0);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private schedule(document: vscode.TextDocument, delay: number): void {
    if (runConfigLanguage(document.fileName) === null) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.check(document).catch((error: unknown) => {
          // Not shown: it would come back with every key that is pressed.
          log().error(
            `Could not check ${document.fileName}.`,
            error instanceof Error ? (error.stack ?? "") : String(error),
          );
        });
      }, delay),
    );
  }

  private async check(document: vscode.TextDocument): Promise<Problem[]> {
    const language = runConfigLanguage(document.fileName);
    if (language === null) return [];
    const { readRunConfig } = await import("./onDemand");
    const { problems } = readRunConfig(document.getText(), language);
    if (document.isClosed) return problems;
    const { version } = document;
    const isCurrent = () => document.version === version && !document.isClosed;
    const data = this.dataProblemsOf(document, language).then((found) => {
      if (isCurrent()) this.show(document, language, problems, found);
      return false;
    });
    const isLate = await Promise.race([data, after(dataPatience)]);
    if (isLate && isCurrent()) this.show(document, language, problems, []);
    return problems;
  }

  /** What is wrong with the names of columns and files; nothing where that cannot be told. */
  private async dataProblemsOf(document: vscode.TextDocument, language: ConfigLanguage): Promise<Problem[]> {
    if (document.uri.scheme !== "file") return [];
    try {
      const { dataProblems } = await import("./onDemand");
      return await dataProblems(
        document.getText(),
        language,
        dataAccess(document.fileName, this.descriptions),
      );
    } catch (error) {
      log().error(`Could not check the data of ${document.fileName}.`, String(error));
      return [];
    }
  }

  private show(
    document: vscode.TextDocument,
    language: ConfigLanguage,
    problems: Problem[],
    dataProblems: Problem[],
  ): void {
    const key = document.uri.toString();
    const all = [...problems, ...dataProblems];
    this.checked.set(key, { version: document.version, problems: all });
    const isReported = vscode.extensions.getExtension(languageCheckers[language]) !== undefined;
    const shown = all.filter((problem) => !(problem.syntax && isReported));
    const failure = this.runFailures.get(key);
    // A run that failed for the same reason says nothing new.
    if (failure && !dataProblems.some(({ start }) => start === failure.start)) shown.push(failure);
    this.collection.set(
      document.uri,
      shown.map((problem) => toDiagnostic(document, problem)),
    );
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.checked.delete(key);
    this.runFailures.delete(key);
    this.collection.delete(uri);
  }
}

function after(milliseconds: number): Promise<true> {
  return new Promise((resolve) => setTimeout(() => resolve(true), milliseconds));
}

function openDocumentAt(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

export function rangeOf(
  document: vscode.TextDocument,
  { start, end }: { start: number; end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

function toDiagnostic(document: vscode.TextDocument, problem: Problem): vscode.Diagnostic {
  const severity =
    problem.severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(rangeOf(document, problem), problem.message, severity);
  diagnostic.source = "Downhill";
  return diagnostic;
}
