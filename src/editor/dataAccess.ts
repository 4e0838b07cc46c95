import { readdir } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { dataFilePattern } from "./contributed";
import type { DataAccess } from "../run/dataProblems";
import type { DataDescriptions } from "./dataDescriptions";
import { workspaceFolderOf } from "./liveRuns";
import { couldBeData } from "./whatToTrain";

/** More files than this are no list to choose from. */
const mostFiles = 200;
/** So many of the newest runs are offered to start from. */
const mostRuns = 20;
const notSearched = "**/{node_modules,.downhill,.git}/**";

/** How the run config at a path comes by its data: from its workspace folder alone, and never on this thread. */
export function dataAccess(configFile: string, descriptions: DataDescriptions): DataAccess {
  const folder = workspaceFolderOf(configFile);
  const resolve = async (name: string, key: string): Promise<string> => {
    const { resolveInWorkspace } = await import("./onDemand");
    return resolveInWorkspace(name, key, configFile, folder);
  };
  /** Those beside the config first, then those near it. */
  const relativeNames = (files: readonly vscode.Uri[]): string[] => {
    const from = path.dirname(configFile);
    const names = files.map(({ fsPath }) => path.relative(from, fsPath).replaceAll(path.sep, "/"));
    const depth = (name: string): number => name.split("/").length;
    return names.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  };
  return {
    fault: async (name, key) => {
      try {
        await resolve(name, key);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    refusal: async (name, reading) => {
      try {
        await descriptions.glance(await resolve(name, "data.file"), reading);
        return null;
      } catch (error) {
        // Anything else is no fault of the file, such as one that takes too long.
        return error instanceof Error && error.name === "DataError" ? error.message : null;
      }
    },
    description: async (name, reading) => {
      try {
        const file = await resolve(name, "data.file");
        // The columns of a file with bad rows are there all the same.
        const { badRows, ...other } = reading;
        const asWritten = descriptions.glance(file, reading);
        if (badRows === "skip") return await asWritten;
        return await asWritten.catch(() => descriptions.glance(file, { ...other, badRows: "skip" }));
      } catch {
        // A problem says why; here there is just nothing to help with.
        return null;
      }
    },
    weights: async () => {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), "**/*.safetensors");
      const files = await vscode.workspace.findFiles(pattern, notSearched, mostFiles);
      const { runsFolderOf } = await import("./onDemand");
      const runs = await readdir(runsFolderOf(folder)).catch(() => []);
      const newest = runs
        .filter((name) => !name.startsWith("."))
        .sort()
        .reverse();
      return [...relativeNames(files), ...newest.slice(0, mostRuns)];
    },
    files: async () => {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), dataFilePattern);
      const found = await vscode.workspace.findFiles(pattern, notSearched, mostFiles);
      return relativeNames(found.filter(({ fsPath }) => couldBeData(fsPath)));
    },
  };
}
