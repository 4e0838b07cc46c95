/** Where a run config names columns and files of data, as it is and while it is written. */
import { dataFields } from "./keys/dataFields";
import type { ConfigLanguage } from "./files";
import type { DataConfig, DataFormat } from "./runConfig";
import { parseText } from "./text/parseText";
import { nodeAt } from "./text/textTree";
import type { Range, TextNode } from "./text/textTree";

type Path = readonly (string | number)[];
type Kind = "column" | "file" | "weights";

/** A name of a column, of a data file, or of weights (a file or a run) in a run config. */
export interface DataReference extends Range {
  readonly kind: Kind;
  readonly path: Path;
  readonly name: string;
  /** The text between the quotes, where it may simply be replaced. */
  readonly word: Range | null;
}

const kinds: Readonly<Record<string, Kind>> = {
  "data.file": "file",
  "data.validationFile": "file",
  "data.testFile": "file",
  "data.target": "column",
  "data.features": "column",
  "data.ignore": "column",
  "data.split.groupBy": "column",
  "data.split.orderBy": "column",
  "network.initialWeights": "weights",
};
/** These may hold, or must be, a list of columns. */
const lists: ReadonlySet<string> = new Set(["data.target", "data.features", "data.ignore"]);
/** Of these a single name is wrong. */
const onlyLists: ReadonlySet<string> = new Set(["data.features", "data.ignore"]);

/** How a run config has its files read, in so far as that is valid. */
export interface DataReading {
  /** As written in `data.format`: null where the file's name tells. */
  readonly format: DataFormat | null;
  /** As written in `data.rows`: null for all rows. */
  readonly rows: number | null;
  readonly badRows: DataConfig["badRows"];
}

/** The data that a run config names: null where it names none. */
export interface NamedData {
  /** As written in `data.file`. */
  readonly file: string | null;
  readonly reading: DataReading;
  readonly references: readonly DataReference[];
}

/** All names of columns and data files in a run config, right or wrong, also of one that cannot be trained yet. */
export function dataReferences(text: string, language: ConfigLanguage): NamedData {
  const { root } = parseText(text, language);
  const references: DataReference[] = [];
  for (const [key, kind] of Object.entries(kinds)) {
    const path = key.split(".");
    const node = nodeAt(root, path);
    if (node?.kind === "string") references.push(referenceTo(kind, path, node));
    else if (node?.kind === "list" && lists.has(key))
      node.items.forEach((item, at) => {
        if (item.kind === "string") references.push(referenceTo(kind, [...path, at], item));
      });
  }
  return {
    file: textAt(root, ["data", "file"]),
    reading: readingOf(root),
    references: references.sort((a, b) => a.start - b.start),
  };
}

function referenceTo(kind: Kind, path: Path, node: TextNode & { kind: "string" }): DataReference {
  const { value, word, start, end } = node;
  return { kind, path, name: value, word, start, end };
}

function textAt(root: TextNode | null, path: Path): string | null {
  const node = nodeAt(root, path);
  return node?.kind === "string" ? node.value : null;
}

function readingOf(root: TextNode | null): DataReading {
  const { format, rows, badRows } = dataFields;
  const most = nodeAt(root, ["data", "rows"]);
  const isRows = most?.kind === "number" && Number.isInteger(most.value) && most.value >= rows.atLeast;
  return {
    format: choiceAt(root, "format", format.choices),
    rows: isRows ? most.value : null,
    badRows: choiceAt(root, "badRows", badRows.choices) ?? badRows.default,
  };
}

function choiceAt<Choice extends string>(
  root: TextNode | null,
  key: string,
  choices: Readonly<Record<Choice, string>>,
): Choice | null {
  const written = textAt(root, ["data", key]);
  return (Object.keys(choices) as Choice[]).find((choice) => choice === written) ?? null;
}

/** A place where a name can be put. */
export interface DataSlot {
  readonly kind: Kind;
  readonly path: Path;
  /** What a name replaces. */
  readonly replace: Range;
  readonly style: NameStyle;
  /** The name becomes the only one of a new list. */
  readonly asList: boolean;
  /** Names that stand in the same list, and in the other places that a column can have only one of. */
  readonly taken: readonly string[];
}

/** Within quotes, or as a value of its own. */
export type NameStyle = "double-quoted" | "single-quoted" | "json" | "yaml";

/** No name that anybody would write. */
const marker = "\u2042downhill\u2042";

/** Where a name would go that is completed at an offset; null where no column or file belongs. */
export function dataSlotAt(text: string, language: ConfigLanguage, offset: number): DataSlot | null {
  const before = text.slice(0, offset);
  const after = text.slice(offset);
  const tries = language === "json" ? [marker, JSON.stringify(marker)] : [marker];
  for (const inserted of tries) {
    const { root } = parseText(before + inserted + after, language);
    const found = root && findMarker(root, []);
    if (!found) continue;
    const { node, path } = found;
    const key = path.filter((step) => typeof step === "string").join(".");
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    const isItem = typeof path[path.length - 1] === "number";
    if (kind === undefined || (isItem && !lists.has(key)) || path.length > key.split(".").length + 1)
      return null;
    const range = node.word;
    if (!range) return null;
    const isNew = inserted !== marker;
    return {
      kind,
      path,
      replace: isNew
        ? { start: offset, end: offset }
        : { start: range.start, end: range.end - marker.length },
      style: isNew ? "json" : styleOf(before + inserted + after, node),
      asList: onlyLists.has(key) && !isItem && (isNew || styleOf(before + inserted + after, node) === "yaml"),
      taken: takenBy(dataReferences(text, language).references, path, kind),
    };
  }
  return null;
}

function findMarker(node: TextNode, path: Path): { node: TextNode & { kind: "string" }; path: Path } | null {
  if (node.kind === "string") return node.value.includes(marker) ? { node, path } : null;
  if (node.kind === "list") {
    for (const [at, item] of node.items.entries()) {
      const found = findMarker(item, [...path, at]);
      if (found) return found;
    }
  } else if (node.kind === "object") {
    for (const { key, value } of node.entries) {
      const found = findMarker(value, [...path, key]);
      if (found) return found;
    }
  }
  return null;
}

function styleOf(text: string, { start }: Range): NameStyle {
  if (text[start] === '"') return "double-quoted";
  return text[start] === "'" ? "single-quoted" : "yaml";
}

/** A column has one part to play: what is named elsewhere is not offered, except at its own place. */
function takenBy(references: readonly DataReference[], path: Path, kind: Kind): string[] {
  if (kind !== "column") return [];
  const own = path.join(".");
  const section = String(path[1]);
  // Rows may be grouped or ordered by what is a feature, or left out.
  const rivals = section === "split" ? ["target"] : ["target", "features", "ignore"];
  return references
    .filter((other) => other.kind === "column" && other.path.join(".") !== own)
    .filter((other) => rivals.includes(String(other.path[1])))
    .map(({ name }) => name);
}

/** What to write for a name. */
export function writtenName(name: string, style: NameStyle, asList = false): string {
  const written = writtenPlainly(name, style);
  return asList ? `[${style === "yaml" ? writtenPlainly(name, "json") : written}]` : written;
}

function writtenPlainly(name: string, style: NameStyle): string {
  switch (style) {
    case "json":
      return JSON.stringify(name);
    case "double-quoted":
      return JSON.stringify(name).slice(1, -1);
    case "single-quoted":
      return name.replaceAll("'", "''");
    case "yaml":
      return isPlainYaml(name) ? name : JSON.stringify(name);
  }
}

/** Whether YAML reads a plain scalar as this very text: letters first, and no word that means something else. */
function isPlainYaml(name: string): boolean {
  return (
    /^[\p{L}_/][\p{L}\p{N}_./ -]*$/u.test(name) &&
    !name.endsWith(" ") &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name)
  );
}
