/** What file names say: which files are run configs, and what format a data file has. */

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

/** The format that a data file's extension tells; null where it tells none that can be read. */
export function dataFormatOf(fileName: string): "csv" | "tsv" | null {
  const extension = extensionOf(fileName);
  if (extension === "csv") return "csv";
  return extension === "tsv" || extension === "tab" ? "tsv" : null;
}
