import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import { rangeOf } from "./configProblems";
import { runConfigPattern } from "./contributed";
import { dataAccess } from "./dataAccess";
import type { DataDescriptions } from "./dataDescriptions";

const selector: vscode.DocumentSelector = { scheme: "file", pattern: runConfigPattern };

/** Hovers and completions for the columns and files that a run config names. */
export function registerDataFeatures(descriptions: DataDescriptions): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        const language = runConfigLanguage(document.fileName);
        if (language === null) return undefined;
        const { dataHoverAt } = await import("./onDemand");
        const access = dataAccess(document.fileName, descriptions);
        const hover = await dataHoverAt(document.getText(), language, document.offsetAt(position), access);
        return hover
          ? new vscode.Hover(new vscode.MarkdownString(hover.text), rangeOf(document, hover))
          : undefined;
      },
    }),
    vscode.languages.registerCompletionItemProvider(
      selector,
      { provideCompletionItems: (document, position) => completions(document, position, descriptions) },
      ...['"', "'", " ", "/", "["],
    ),
  );
}

async function completions(
  document: vscode.TextDocument,
  position: vscode.Position,
  descriptions: DataDescriptions,
): Promise<vscode.CompletionItem[]> {
  const language = runConfigLanguage(document.fileName);
  if (language === null) return [];
  const { dataCompletionsAt } = await import("./onDemand");
  const access = dataAccess(document.fileName, descriptions);
  const found = await dataCompletionsAt(document.getText(), language, document.offsetAt(position), access);
  return found.map((completion, at) => {
    const item = new vscode.CompletionItem(completion.label, vscode.CompletionItemKind.Field);
    if (completion.documentation === "") item.kind = vscode.CompletionItemKind.File;
    else item.documentation = new vscode.MarkdownString(completion.documentation);
    item.detail = completion.detail;
    item.range = rangeOf(document, completion);
    item.insertText = completion.text;
    // What is replaced may begin with a quote, which no name does.
    item.filterText = completion.text;
    item.sortText = String(at).padStart(6, "0");
    return item;
  });
}
