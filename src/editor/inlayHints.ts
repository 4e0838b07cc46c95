import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import { dataFilePattern, runConfigPattern } from "./contributed";
import { dataAccess } from "./dataAccess";
import type { DataDescriptions } from "./dataDescriptions";

/** Hints for what a run config leaves open. The editor asks when it draws, and waits for nothing. */
export function registerInlayHints(descriptions: DataDescriptions): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  // Other data make other hints.
  const watcher = vscode.workspace.createFileSystemWatcher(dataFilePattern);
  const changed = () => changes.fire();
  return vscode.Disposable.from(
    changes,
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
    vscode.languages.registerInlayHintsProvider(
      { scheme: "file", pattern: runConfigPattern },
      {
        onDidChangeInlayHints: changes.event,
        async provideInlayHints(document, range, token) {
          const language = runConfigLanguage(document.fileName);
          if (language === null) return [];
          const { inferredValues } = await import("./onDemand");
          const access = dataAccess(document.fileName, descriptions);
          const found = await inferredValues(document.getText(), language, access);
          if (token.isCancellationRequested) return [];
          return found.flatMap(({ offset, text, tooltip }) => {
            const position = document.positionAt(offset);
            if (!range.contains(position)) return [];
            const hint = new vscode.InlayHint(position, text);
            hint.tooltip = new vscode.MarkdownString(tooltip);
            hint.paddingLeft = true;
            return [hint];
          });
        },
      },
    ),
  );
}
