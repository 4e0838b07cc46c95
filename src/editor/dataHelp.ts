/**
 * What the data that a run config names tells about it: hovers and completions, as plain data. Part of the bundle
 * that is loaded on demand; knows nothing of `vscode`.
 */
import { dataReferences, dataSlotAt, writtenName } from "../config/dataReferences";
import type { ConfigLanguage } from "../config/files";
import { sparkline } from "../data/sparkline";
import { counted, digits } from "../data/wording";
import type { DataDescription, DescribedColumn } from "../protocol/describe";
import type { DataAccess } from "../run/dataProblems";
import { formatNumber } from "../run/numberText";
import { dateText } from "../text/dateText";

export interface Hover {
  /** Markdown. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The summary of the column or file that is named at an offset. */
export async function dataHoverAt(
  text: string,
  language: ConfigLanguage,
  offset: number,
  access: DataAccess,
): Promise<Hover | null> {
  const { file, reading, references } = dataReferences(text, language);
  const reference = references.find(({ start, end }) => start <= offset && offset < end);
  if (!reference || file === null || reference.kind === "weights") return null;
  const { start, end, kind, name } = reference;
  const description = await access.description(kind === "file" ? name : file, reading);
  if (!description) return null;
  if (kind === "file") return { text: fileSummary(description), start, end };
  const column = description.columns.find((candidate) => candidate.name === name);
  return column ? { text: columnSummary(column, description), start, end } : null;
}

export interface Completion {
  readonly label: string;
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** Replaces the text from `start` to `end`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The names that can be written at an offset, the likeliest first. */
export async function dataCompletionsAt(
  text: string,
  language: ConfigLanguage,
  offset: number,
  access: DataAccess,
): Promise<Completion[]> {
  const slot = dataSlotAt(text, language, offset);
  if (!slot) return [];
  const { start, end } = slot.replace;
  const written = (name: string): string => writtenName(name, slot.style, slot.asList);
  if (slot.kind !== "column") {
    const files = slot.kind === "file" ? await access.files() : ((await access.weights?.()) ?? []);
    return files.map((name) => ({
      label: name,
      detail: "",
      documentation: "",
      text: written(name),
      start,
      end,
    }));
  }
  const { file, reading } = dataReferences(text, language);
  const description = file === null ? null : await access.description(file, reading);
  if (!description) return [];
  const taken = new Set(slot.taken);
  const byName = new Map(description.columns.map((column) => [column.name, column]));
  const order = slot.path[1] === "target" ? description.targets : [...byName.keys()];
  return order
    .filter((name) => !taken.has(name))
    .flatMap((name) => {
      const column = byName.get(name);
      if (!column) return [];
      const documentation = columnSummary(column, description);
      return [{ label: name, detail: shortly(column), documentation, text: written(name), start, end }];
    });
}

function shortly({ type, distinct, distinctAtLeast, numbers, length }: DescribedColumn): string {
  if (type === "vector") return `vector of ${digits(length ?? 0)}`;
  if (type === "number" && numbers)
    return `number, ${formatNumber(numbers.min)} to ${formatNumber(numbers.max)}`;
  if (type === "category" || type === "boolean")
    return `${type}, ${counted(distinct, "value")}${distinctAtLeast ? " or more" : ""}`;
  return type;
}

/** So many of the most frequent values are named. */
const mostValues = 6;

function columnSummary(column: DescribedColumn, description: DataDescription): string {
  const { name, missing, values, distinct, numbers, type, histogram, warnings } = column;
  const { rows, complete } = description;
  const share = rows > 0 ? ` (${((100 * missing) / rows).toFixed(1)} %)` : "";
  const paragraphs = [
    `**${escaped(name)}** · ${escaped(shortly(column))} · ${missing === 0 ? "nothing missing" : `${digits(missing)} missing${share}`}`,
  ];
  const listsValues =
    values.length > 0 && type !== "text" && (type !== "number" || column.task === "classification");
  if (listsValues) {
    const shown = values.slice(0, mostValues).map(({ label, count }) => `${escaped(label)} ${digits(count)}`);
    if (distinct > shown.length) shown.push(`${digits(distinct - shown.length)} more`);
    paragraphs.push(shown.join(" · "));
  }
  if (numbers && type !== "date") {
    const facts: [string, number][] = [
      ["mean", numbers.mean],
      ["median", numbers.median],
      ["standard deviation", numbers.deviation],
    ];
    paragraphs.push(facts.map(([label, value]) => `${label} ${formatNumber(value)}`).join(" · "));
  }
  if (numbers && type === "date")
    paragraphs.push(`${dateText(numbers.min, "day")} to ${dateText(numbers.max, "day")}`);
  // No-break spaces: Markdown would fold the blanks of empty bins.
  if (histogram && !listsValues)
    paragraphs.push(`\`${sparkline(histogram.counts, 24).replaceAll(" ", "\u00a0")}\``);
  for (const { message } of warnings) paragraphs.push(`⚠ ${escaped(message)}`);
  if (!complete) paragraphs.push(`*From the first ${counted(rows, "row")} of the file.*`);
  return paragraphs.join("\n\n");
}

function fileSummary({ file, rows, columns, complete }: DataDescription): string {
  const size = complete ? counted(rows, "row") : `at least ${counted(rows, "row")}`;
  const names = columns.slice(0, 12).map(({ name }) => escaped(name));
  if (columns.length > names.length) names.push(`${digits(columns.length - names.length)} more`);
  return `**${escaped(file)}** · ${size} × ${counted(columns.length, "column")}\n\n${names.join(" · ")}`;
}

/** Text of a data file in Markdown: shown as it is, on one line. */
function escaped(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return short.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, "\\$&");
}
