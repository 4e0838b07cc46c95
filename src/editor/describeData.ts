import path from "node:path";
import * as vscode from "vscode";
import { dataFormatOf, runConfigLanguage } from "../config/files";
import { dataFileExtensions, dataFilePattern } from "./contributed";
import { newRunConfig } from "./createRunConfig";
import type { DataPanels } from "./dataPanels";
import { activeDocument, documentRef, openDocument, relativePath } from "./documents";
import { UserError } from "./errors";
import { couldBeData, type DocumentRef } from "./whatToTrain";

/** The command "Describe Data": finds out which file is meant and shows it. */
export class DescribeData {
  constructor(private readonly panels: DataPanels) {}

  /** `argument` is the address of a data file, when a menu called. */
  async run(argument?: unknown): Promise<void> {
    const meant = argument instanceof vscode.Uri ? documentRef(argument) : activeDocument();
    const file = meant ? await dataFileOf(meant) : null;
    if (file !== null) {
      this.panels.open(file);
      return;
    }
    if (argument instanceof vscode.Uri)
      throw new UserError(
        `${path.basename(argument.path)} cannot be described: choose a data file (${dataFileExtensions}) on a disk.`,
      );
    const picked = await pickDataFile("Describe Data", "describe");
    if (picked !== undefined) this.panels.open(picked);
  }
}

/** A data file itself, or the one that a run config names. */
async function dataFileOf({ scheme, path: file }: DocumentRef): Promise<string | null> {
  if (scheme !== "file") return null;
  const language = runConfigLanguage(file);
  if (language === null) return dataFormatOf(file) === null ? null : file;
  const { parseRunConfig } = await import("./onDemand");
  const { config } = parseRunConfig((await openDocument(file)).getText(), language);
  return config && path.resolve(path.dirname(file), config.data.file);
}

/** @param doing what is done with it: "describe" */
export async function pickDataFile(title: string, doing: string): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles(dataFilePattern, "**/{node_modules,.downhill,.git}/**", 500);
  const files = found
    .filter(({ scheme, fsPath }) => scheme === "file" && couldBeData(fsPath))
    .map(({ fsPath }) => fsPath);
  if (files.length === 0)
    throw new UserError(
      `There is no data file to ${doing}: open one (${dataFileExtensions}), or a folder that has some.`,
      [{ label: "Open File…", run: () => vscode.commands.executeCommand("workbench.action.files.openFile") }],
      "information",
    );
  const items = files.sort().map((file) => {
    const folder = path.dirname(relativePath(file));
    return { label: path.basename(file), description: folder === "." ? "" : folder, file };
  });
  const options = { title, placeHolder: "Choose a data file", matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.file;
}

/** The command "New Run Config": for a data file that a menu or the active editor names, else one that the user picks. */
export async function newRunConfigFor(argument: unknown): Promise<string | undefined> {
  const meant = argument instanceof vscode.Uri ? documentRef(argument) : activeDocument();
  const named = meant && runConfigLanguage(meant.path) === null ? await dataFileOf(meant) : null;
  const file = named ?? (await pickDataFile("New Run Config", "train on"));
  return file === undefined ? undefined : newRunConfig(file);
}
