import * as vscode from "vscode";
import { rangeOf } from "./configProblems";
import { yamlExtension } from "./contributed";

/** Keys and words of run configs in YAML, which the editor itself has no schema for. */
export function registerYamlCompletions(): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    { scheme: "file", pattern: "**/*.train.{yaml,yml}" },
    {
      async provideCompletionItems(document, position) {
        // Another extension for YAML reads the schema that is contributed to it.
        if (vscode.extensions.getExtension(yamlExtension) !== undefined) return [];
        const { yamlCompletionsAt } = await import("./onDemand");
        const found = yamlCompletionsAt(document.getText(), document.offsetAt(position));
        return found.map(({ kind, label, documentation, snippet, goesOn, replace }, at) => {
          const isKey = kind === "key";
          const item = new vscode.CompletionItem(
            label,
            isKey ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value,
          );
          item.documentation = new vscode.MarkdownString(documentation);
          item.range = rangeOf(document, replace);
          item.insertText = isKey ? new vscode.SnippetString(snippet) : snippet;
          item.sortText = String(at).padStart(4, "0");
          if (goesOn) item.command = { command: "editor.action.triggerSuggest", title: "Complete" };
          return item;
        });
      },
    },
    " ",
  );
}
