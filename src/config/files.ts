/** What file names say: which files are run configs, and what format a data file has. */

import type { DataFormat } from "./runConfig";

export type ConfigLanguage = "json" | "yaml";

const runConfigName = /([^/\\]*)\.train\.(json|yaml|yml)$/i;

/** The language of a run config, `NAME.train.json`, `.yaml` or `.yml`; null for any other file. */
export function runConfigLanguage(fileName: string): ConfigLanguage | null {
  const match = runConfigName.exec(fileName);
  if (!match || match[1] === "") return null;
  return match[2].toLowerCase() === "json" ? "json" : "yaml";
}

/** "/a/iris.train.json" → "iris". A name without the usual ending is kept without its extension. */
export function runNameOf(fileName: string): string {
  const match = runConfigName.exec(fileName);
  if (match && match[1] !== "") return match[1];
  const base = fileName.split(/[/\\]/).pop() ?? fileName;
  return base.replace(/(?<=.)\.[^.]*$/, "");
}

/** The extension in lower case without its dot, "" where there is none. */
export function extensionOf(fileName: string): string {
  return /[^/\\]\.([^./\\]*)$/.exec(fileName)?.[1].toLowerCase() ?? "";
}

const formatOfExtension: Readonly<Record<string, DataFormat>> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
};

/** The format that a data file's extension tells, before ".gz" for text; null where it tells none that can be read. */
export function dataFormatOf(fileName: string): DataFormat | null {
  const unpacked = fileName.replace(/(?<=[^/\\])\.gz$/i, "");
  const extension = extensionOf(unpacked);
  const format = Object.hasOwn(formatOfExtension, extension) ? formatOfExtension[extension] : null;
  // Parquet compresses its own pages and is read from its end.
  return format === "parquet" && unpacked !== fileName ? null : format;
}
