import * as vscode from "vscode";
import { dataFormatOf, runConfigLanguage } from "../config/files";

/** Rows are objects in a list; columns are lists in an object. Anything else in JSON is settings or a document. */
const beginning = /^\ufeff?\s*(?:\[\s*\{|\{\s*"(?:[^"\\\\]|\\\\.)*"\s*:\s*\[)/;
const longestBeginning = 1000;

/** The open JSON files that look like tables: those that "Train Network" is offered on. */
export function openJsonTables(): string[] {
  return vscode.window.visibleTextEditors
    .map(({ document }) => document)
    .filter(({ uri, fileName }) => uri.scheme === "file" && dataFormatOf(fileName) === "json")
    .filter(({ fileName }) => runConfigLanguage(fileName) === null)
    .filter((document) => beginning.test(textBeginning(document)))
    .map(({ uri }) => uri.fsPath);
}

function textBeginning(document: vscode.TextDocument): string {
  return document.getText(new vscode.Range(document.positionAt(0), document.positionAt(longestBeginning)));
}
