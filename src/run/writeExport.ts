/** Writes the files of an export, and nothing over what it should not. */
import { readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { decodeSafetensors } from "../formats/safetensors";
import { fileIdentity, writeAtomically } from "./diskWrites";
import { isFunctionRun, readAnyRunFile } from "./runFile";
import { writeFault } from "./runFolder";

/** The message is one sentence for the user. */
export class ExportError extends Error {
  override readonly name = "ExportError";
  constructor(
    message: string,
    /** Whether nothing was written because it would have destroyed another file; else the disk failed. */
    readonly refused: boolean,
  ) {
    super(message);
  }
}

/** Files that a run needs. */
const runFiles = /^(run\.json|checkpoint\.safetensors|trajectory\.safetensors|events\.out\..*)$/;

/**
 * @param files the first was named by the user; others lie beside it and may replace an earlier export only
 * @param folder where they go
 * @param runFolder of the run that is exported
 * @returns the absolute paths. Throws an ExportError.
 */
export async function writeExport(
  files: readonly { name: string; content: string | Uint8Array }[],
  folder: string,
  runFolder: string,
): Promise<string[]> {
  const sources = await sourcesOf(runFolder);
  for (const [index, { name }] of files.entries()) {
    const file = path.join(folder, name);
    const identity = await fileIdentity(file);
    const source = identity === null ? undefined : sources.get(identity);
    if (source !== undefined) {
      throw new ExportError(`${file} is ${source} that the run was made from; choose another name.`, true);
    }
    if (runFiles.test(name) && (await sameFolder(folder, runFolder))) {
      throw new ExportError(`${file} is a file of the run itself; choose another name.`, true);
    }
    if (index > 0 && !(await mayReplace(file))) {
      throw new ExportError(
        `${file} would be overwritten, which is no export of Downhill; choose another name, or move it.`,
        true,
      );
    }
  }
  const written: string[] = [];
  for (const { name, content } of files) {
    const file = path.join(folder, name);
    try {
      await writeAtomically(file, content);
    } catch (error) {
      throw new ExportError(`${file} cannot be written, as ${writeFault(error)}.`, false);
    }
    written.push(file);
  }
  return written;
}

/** What a run was made from, by the files' identity. */
async function sourcesOf(runFolder: string): Promise<Map<string, string>> {
  const run = await readAnyRunFile(runFolder);
  const files: [string, string | undefined][] = [["the run config", run.configFile]];
  if (!isFunctionRun(run)) {
    const { data, validationData, testData, initialWeights } = run;
    for (const source of [data, validationData, testData]) files.push(["the data file", source?.file]);
    files.push(["the weights file", initialWeights?.file]);
  }
  const sources = new Map<string, string>();
  for (const [what, file] of files) {
    const identity = file === undefined ? null : await fileIdentity(file);
    if (identity !== null) sources.set(identity, what);
  }
  return sources;
}

async function sameFolder(a: string, b: string): Promise<boolean> {
  const [realA, realB] = await Promise.all([a, b].map((name) => realpath(name).catch(() => name)));
  return realA === realB;
}

/** Nothing is there, or weights that were exported earlier. */
async function mayReplace(file: string): Promise<boolean> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch {
    // Nothing there; or something that writing tells of.
    return true;
  }
  try {
    return decodeSafetensors(bytes).metadata.producer === "downhill";
  } catch {
    return false;
  }
}
