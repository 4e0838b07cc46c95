import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import type { OutlineSymbol } from "../config/outline";
import { rangeOf } from "./configProblems";
import { runConfigPattern, yamlExtension } from "./contributed";
import type { CurrentRun } from "./currentRun";
import { lensesFor } from "./lenses";
import type { LiveRuns } from "./liveRuns";
import type { StoredRuns } from "./storedRuns";
import { isFinished } from "./runSource";
import { lastResult } from "./runTexts";
import { variantLenses } from "./variantLenses";

const selector: vscode.DocumentSelector = { scheme: "file", pattern: runConfigPattern };
const yamlSelector: vscode.DocumentSelector = { scheme: "file", pattern: "**/*.train.{yaml,yml}" };

/** What a run config offers while it is edited: links to train, documentation, an outline. */
export function registerConfigFeatures(
  liveRuns: LiveRuns,
  storedRuns: StoredRuns,
  current: CurrentRun,
): vscode.Disposable {
  const lensChanges = new vscode.EventEmitter<void>();
  const change = () => lensChanges.fire();
  return vscode.Disposable.from(
    lensChanges,
    liveRuns.onDidChange(change),
    storedRuns.onDidChange(change),
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: lensChanges.event,
      async provideCodeLenses(document) {
        const live = liveRuns.ofConfig(document.uri.fsPath);
        const run = await current.named(document.uri);
        const start = new vscode.Range(0, 0, 0, 0);
        const { count: runs, lenses } = await variantLenses(document);
        const above = lensesFor({
          running: live !== undefined && !isFinished(live),
          hasRun: run !== undefined,
          last: run && runs === 1 ? lastResult(run) : null,
          runs,
        });
        return [
          ...above.map(
            ({ command, title, tooltip }) =>
              new vscode.CodeLens(start, { command, title, tooltip, arguments: [document.uri] }),
          ),
          ...lenses,
        ];
      },
    }),
    // JSON gets its hovers from the schema, which YAML has no reader for.
    vscode.languages.registerHoverProvider(yamlSelector, { provideHover }),
    // As JSON has its outline from the editor.
    vscode.languages.registerDocumentSymbolProvider(yamlSelector, { provideDocumentSymbols }),
  );
}

async function provideHover(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const language = runConfigLanguage(document.fileName);
  if (language === null) return undefined;
  const { keyAt, documentationOf } = await import("./onDemand");
  const key = keyAt(document.getText(), language, document.offsetAt(position));
  const text = key && documentationOf(key.path);
  return text ? new vscode.Hover(new vscode.MarkdownString(text), rangeOf(document, key)) : undefined;
}

async function provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
  // Another extension for YAML has an outline of its own.
  if (vscode.extensions.getExtension(yamlExtension) !== undefined) return [];
  const { outlineOf } = await import("./onDemand");
  return outlineOf(document.getText(), "yaml").map((symbol) => symbolOf(document, symbol));
}

const symbolKinds: Record<OutlineSymbol["kind"], vscode.SymbolKind> = {
  object: vscode.SymbolKind.Module,
  list: vscode.SymbolKind.Array,
  string: vscode.SymbolKind.String,
  number: vscode.SymbolKind.Number,
  boolean: vscode.SymbolKind.Boolean,
  null: vscode.SymbolKind.Null,
};

function symbolOf(document: vscode.TextDocument, symbol: OutlineSymbol): vscode.DocumentSymbol {
  const { name, detail, kind, whole, key, children } = symbol;
  const item = new vscode.DocumentSymbol(
    name,
    detail,
    symbolKinds[kind],
    rangeOf(document, whole),
    rangeOf(document, key),
  );
  item.children = children.map((child) => symbolOf(document, child));
  return item;
}
