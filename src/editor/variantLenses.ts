import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import { rangeOf } from "./configProblems";
import { commandIds } from "./contributed";

/** What stands above the runs that a run config compares: a link at each entry, and how many there are. */
export async function variantLenses(
  document: vscode.TextDocument,
): Promise<{ count: number; lenses: vscode.CodeLens[] }> {
  const language = runConfigLanguage(document.fileName);
  if (language === null) return { count: 1, lenses: [] };
  const { readRunConfig } = await import("./onDemand");
  const { variants } = readRunConfig(document.getText(), language);
  if (!variants) return { count: 1, lenses: [] };
  const lenses = variants.flatMap(({ name, range }, i) => {
    // With several starts the first of an entry stands for it.
    if (!range || variants[i - 1]?.range?.start === range.start) return [];
    const command = commandIds.trainNetwork;
    const title = `▷ ${name}`;
    const tooltip = "Make this run alone";
    const place = rangeOf(document, { start: range.start, end: range.start });
    return new vscode.CodeLens(place, { command, title, tooltip, arguments: [document.uri, name] });
  });
  return { count: variants.length, lenses };
}
