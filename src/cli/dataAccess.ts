/** How `downhill check` comes by the data that a run config names. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { DataReading } from "../config/dataReferences";
import { dataFormatOf } from "../config/files";
import { DataError } from "../data/dataError";
import type { DataDescription } from "../protocol/describe";
import type { DataAccess } from "../run/dataProblems";
import { describeFile } from "../run/describeFile";
import { resolveInWorkspace } from "../run/workspace";

/** Of a larger file the beginning tells its columns. */
const mostBytes = 16 * 1024 * 1024;
/** More files than this are no list to choose from. */
const mostFiles = 200;

/** @param configFile absolute */
export function dataAccess(configFile: string, workspaceFolder: string): DataAccess {
  const resolve = (name: string, key: string): Promise<string> =>
    resolveInWorkspace(name, key, configFile, workspaceFolder);
  const known = new Map<string, Promise<DataDescription>>();
  const describe = async (name: string, { format, rows, badRows }: DataReading): Promise<DataDescription> => {
    const file = await resolve(name, "data.file");
    const key = `${badRows} ${file}`;
    const description =
      known.get(key) ??
      describeFile({
        file,
        ...(format === null ? {} : { format }),
        ...(rows === null ? {} : { rows }),
        mostBytes,
        badRows,
      });
    known.set(key, description);
    return description;
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
        await describe(name, reading);
        return null;
      } catch (error) {
        if (error instanceof DataError) return error.message;
        throw error;
      }
    },
    description: async (name, reading) => {
      try {
        // The columns of a file with bad rows are there all the same.
        return await describe(name, { ...reading, badRows: "skip" });
      } catch {
        // A problem of its own says why.
        return null;
      }
    },
    files: () => dataFilesNear(path.dirname(configFile)),
  };
}

/** Data files in a folder and in those directly within it, relative to it, the nearest first. */
async function dataFilesNear(folder: string): Promise<string[]> {
  const list = (at: string) => readdir(at, { withFileTypes: true }).catch(() => []);
  const entries = await list(folder);
  const found = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const folders = entries.filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name));
  for (const { name } of folders) {
    if (found.length > mostFiles) break;
    const inside = await list(path.join(folder, name));
    found.push(...inside.filter((entry) => entry.isFile()).map((entry) => `${name}/${entry.name}`));
  }
  return found.filter((name) => dataFormatOf(name) !== null).slice(0, mostFiles);
}
