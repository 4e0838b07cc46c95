import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { dataFormatOf, runConfigLanguage } from "../config/files";
import { UserError } from "./errors";
import { newRunConfigFile, newRunConfigText, targetItems } from "./newRunConfig";

/**
 * Gives a data file a run config: one that exists and names it, if the user wants that, else a new one beside it for
 * the column that the user picks. Writes over nothing.
 *
 * @param chosenTarget the column, where it has been picked already: then only a run config that predicts it counts
 * @returns its path, or undefined when the user left.
 */
export async function createRunConfig(dataFile: string, chosenTarget?: string): Promise<string | undefined> {
  const existing = await runConfigsOf(dataFile, chosenTarget);
  if (existing.length > 0) {
    const chosen = await pickExisting(dataFile, existing, chosenTarget);
    if (chosen?.configFile !== null) return chosen?.configFile;
  }
  return newRunConfig(dataFile, chosenTarget);
}

/**
 * Writes a new run config beside a data file, over nothing.
 *
 * @param chosenTarget the column to predict; the user picks it where it is not given
 * @returns its path, or undefined when the user left
 */
export async function newRunConfig(dataFile: string, chosenTarget?: string): Promise<string | undefined> {
  const target = chosenTarget ?? (await pickTarget(dataFile));
  if (target === undefined) return undefined;
  const configFile = newRunConfigFile(dataFile, existsSync);
  const text = newRunConfigText(path.basename(dataFile), target);
  try {
    // "wx": should the file have come into being meanwhile, it is left alone.
    await writeFile(configFile, text, { flag: "wx" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path.basename(configFile)} could not be written beside the data file: ${reason}.`);
  }
  return configFile;
}

/** @returns the chosen one, null in it for a new one; undefined when the user left */
async function pickExisting(
  dataFile: string,
  configFiles: string[],
  target: string | undefined,
): Promise<{ configFile: string | null } | undefined> {
  const data = path.basename(dataFile);
  const items: (vscode.QuickPickItem & { configFile: string | null })[] = [
    ...configFiles.map((file) => ({
      label: `$(play) ${path.basename(file)}`,
      description: target === undefined ? `trains on ${data}` : `predicts ${target}`,
      configFile: file,
    })),
    {
      label: "$(new-file) New Run Config…",
      description: `${path.basename(newRunConfigFile(dataFile, existsSync))}${target === undefined ? ", with another target column" : ""}`,
      configFile: null,
    },
  ];
  return vscode.window.showQuickPick(items, {
    title: `Train Network on ${data}`,
    placeHolder: `${data} has a run config; use it, or make a new one`,
  });
}

async function pickTarget(dataFile: string): Promise<string | undefined> {
  const { openDataFile, readHead, suggestTargets } = await import("./onDemand");
  const file = path.basename(dataFile);
  const source = await openDataFile(dataFile);
  const head = await readHead(source, { format: dataFormatOf(dataFile) ?? "csv", file }).finally(() =>
    source.close(),
  );
  const items = targetItems(suggestTargets(head), head.columns);
  const picked = await vscode.window.showQuickPick(items, {
    title: `New Run Config for ${file}`,
    placeHolder: "Which column should the network predict?",
    matchOnDescription: true,
  });
  return picked?.label;
}

/** Run configs in the folder of a data file that name it (and, given one, its target). Those that cannot be read are passed over. */
async function runConfigsOf(dataFile: string, target: string | undefined): Promise<string[]> {
  const { parseRunConfig } = await import("./onDemand");
  const folder = path.dirname(dataFile);
  const found: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const language = runConfigLanguage(name);
    if (language === null) continue;
    try {
      const { config } = parseRunConfig(await readFile(path.join(folder, name), "utf8"), language);
      if (!config || path.resolve(folder, config.data.file) !== dataFile) continue;
      if (target === undefined || config.data.target.join("\n") === target)
        found.push(path.join(folder, name));
    } catch {
      continue;
    }
  }
  return found;
}
