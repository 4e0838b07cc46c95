/** The description of a data file as lines of text: one table for each kind of column. */
import { sparkline } from "../data/sparkline";
import { counted, digits } from "../data/wording";
import type { DataDescription, DescribedColumn } from "../protocol/describe";
import { formatNumber } from "../run/numberText";
import { bytesText } from "../text/bytesText";
import { dateText } from "../text/dateText";
import { oneLine } from "../text/oneLine";

/** A terminal: its width in characters, and whether it shows bold text. */
export interface Screen {
  width: number;
  styled: boolean;
}

/** Characters of the longest column name on a terminal, and of the widest and the narrowest distribution. */
const longestName = 20;
const mostBars = 24;
const fewestBars = 6;
/** So many columns of one kind are listed on a terminal. */
const mostRows = 200;
/** So many lines of remarks are printed on a terminal. */
const mostRemarks = 40;
/** So many columns are named in front of a warning that is about them all. */
const mostNamed = 6;

interface Heading {
  title: string;
  align?: "right";
}

/**
 * @param target a column of the file; null for the likeliest one
 * @param screen null for a pipe: nothing is cut off, drawn or emphasised
 */
export function descriptionLines(
  description: DataDescription,
  target: string | null,
  screen: Screen | null,
): string[] {
  const { columns, file, rows, bytes } = description;
  const bold = (text: string): string => (screen?.styled ? `\u001b[1m${text}\u001b[22m` : text);
  const size = `${counted(rows, "row")} × ${counted(columns.length, "column")}, ${bytesText(bytes)}`;
  const lines = [`${bold(file)}: ${size}`];
  const section = (title: string, body: string[]): void => {
    if (body.length > 0) lines.push("", bold(title), ...body);
  };
  const of = (...types: DescribedColumn["type"][]) => columns.filter(({ type }) => types.includes(type));
  section("Numbers", table(of("number"), numberHeadings, numberCells, screen));
  section("Categories", table(of("category", "boolean"), categoryHeadings, categoryCells, screen));
  section("Dates", table(of("date"), dateHeadings, dateCells, screen));
  section("Vectors", table(of("vector"), vectorHeadings, vectorCells, screen));
  section("Text and empty columns", table(of("text", "empty"), textHeadings, textCells, screen));
  const chosen = columns.find(({ name }) => name === (target ?? description.targets.at(0)));
  if (chosen)
    section(
      `Target: ${chosen.name}${target === null ? " (best guess)" : ""}`,
      targetLines(chosen, description, screen),
    );
  const remarks = [...description.notes, ...warningLines(columns)];
  const shown = screen ? remarks.slice(0, mostRemarks) : remarks;
  if (remarks.length > shown.length) shown.push(`… and ${digits(remarks.length - shown.length)} more`);
  section(
    "To know",
    shown.flatMap((remark) => wrapped(remark, screen)),
  );
  return lines;
}

/** A sentence for each warning, with all the columns that it is about. */
function warningLines(columns: readonly DescribedColumn[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, warnings } of columns)
    for (const { message } of warnings) names.set(message, [...(names.get(message) ?? []), name]);
  return [...names].map(([message, about]) => {
    const shown = about.length > mostNamed ? about.slice(0, mostNamed - 1) : about;
    const others = about.length - shown.length;
    return `${shown.map((name) => cut(oneLine(name), 40)).join(", ")}${others > 0 ? ` and ${digits(others)} more` : ""}: ${message}`;
  });
}

const numberHeadings = headings("Missing", "Min", "Median", "Mean", "Max", "SD");
function numberCells({ missing, numbers }: DescribedColumn): string[] {
  const { min, median, mean, max, deviation } = numbers ?? {
    min: NaN,
    median: NaN,
    mean: NaN,
    max: NaN,
    deviation: NaN,
  };
  return [digits(missing), ...[min, median, mean, max, deviation].map(numberText)];
}

const categoryHeadings = [...headings("Missing", "Distinct"), { title: "Values" }];
function categoryCells({ missing, distinct, values }: DescribedColumn): string[] {
  const shown = values.map(({ label, count }) => `${oneLine(label)} ${digits(count)}`);
  if (distinct > values.length) shown.push(`${digits(distinct - values.length)} more`);
  return [digits(missing), digits(distinct), shown.join(", ")];
}

const dateHeadings = headings("Missing", "From", "To");
function dateCells({ missing, numbers }: DescribedColumn): string[] {
  return [digits(missing), ...[numbers?.min, numbers?.max].map((days) => dateText(days ?? NaN, "minute"))];
}

const vectorHeadings = headings("Missing", "Length", "Min", "Mean", "Max");
function vectorCells({ missing, length, numbers }: DescribedColumn): string[] {
  return [
    digits(missing),
    digits(length ?? 0),
    ...[numbers?.min, numbers?.mean, numbers?.max].map(numberText),
  ];
}

const textHeadings = [...headings("Missing", "Distinct"), { title: "Values" }];
function textCells({ missing, type, distinct, distinctAtLeast, values }: DescribedColumn): string[] {
  if (type === "empty") return [digits(missing), "0", ""];
  const examples = values.slice(0, 5).map(({ label }) => oneLine(label));
  return [digits(missing), digits(distinct) + (distinctAtLeast ? "+" : ""), [...examples, "…"].join(", ")];
}

function headings(...titles: string[]): Heading[] {
  return titles.map((title) => ({ title, align: "right" }));
}

/** Columns of equal width; distributions are drawn at the end of the lines of a terminal. */
function table(
  columns: readonly DescribedColumn[],
  titles: readonly Heading[],
  cells: (column: DescribedColumn) => string[],
  screen: Screen | null,
): string[] {
  if (columns.length === 0) return [];
  const listed = screen ? columns.slice(0, mostRows) : columns;
  const all: Heading[] = [{ title: "Column" }, ...titles];
  const texts = listed.map((column) => [
    screen ? cut(oneLine(column.name), longestName) : oneLine(column.name),
    ...cells(column),
  ]);
  const rows = [all.map(({ title }) => title), ...texts];
  const widths = all.map((_, at) => Math.max(...rows.map((row) => textWidth(row[at]))));
  const used = 2 + widths.reduce((sum, width) => sum + width + 2, 0);
  const room = screen ? Math.min(mostBars, screen.width - 1 - used) : 0;
  const drawn = room >= fewestBars && listed.some(({ histogram }) => histogram !== null);
  const lines = rows.map((row, at) => {
    const text = row.map((cell, column) => padded(cell, widths[column], all[column].align)).join("  ");
    const bars = at === 0 ? "Spread" : drawn ? sparkline(listed[at - 1].histogram?.counts ?? [], room) : "";
    const line = `  ${drawn ? `${text}  ${bars}` : text}`.trimEnd();
    return screen ? cut(line, screen.width - 1) : line;
  });
  if (columns.length > listed.length)
    lines.push(`  … and ${counted(columns.length - listed.length, "more column")}`);
  return lines;
}

/** The classes of a target with their shares, or the spread of a number. */
function targetLines(
  column: DescribedColumn,
  { rows, columns }: DataDescription,
  screen: Screen | null,
): string[] {
  const { task, values, distinct, missing, numbers } = column;
  if (columns.length === 1) return ["  There is no other column to predict it from."];
  if (task === null) return ["  It cannot be a target."];
  const present = rows - missing;
  const dropped = missing > 0 ? `, ${counted(missing, "row")} without a value left out` : "";
  if (task === "regression") {
    const range = numbers ? ` from ${numberText(numbers.min)} to ${numberText(numbers.max)}` : "";
    return [`  Regression: numbers${range}${dropped}.`];
  }
  const lines = [`  Classification: ${counted(distinct, "class", "classes")}${dropped}.`];
  const width = Math.max(...values.map(({ label }) => textWidth(cut(oneLine(label), longestName))));
  const most = values.at(0)?.count ?? 1;
  for (const { label, count } of values) {
    const share = `${((100 * count) / present).toFixed(1)} %`;
    const bar = screen ? `  ${"█".repeat(Math.max(1, Math.round((24 * count) / most)))}` : "";
    lines.push(
      `  ${padded(cut(oneLine(label), longestName), width)}  ${digits(count).padStart(9)}  ${share.padStart(7)}${bar}`,
    );
  }
  if (distinct > values.length)
    lines.push(`  … and ${counted(distinct - values.length, "more class", "more classes")}`);
  return lines;
}

function numberText(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : formatNumber(value);
}

/** Cut to a width, with an ellipsis. */
function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let [kept, used] = ["", 0];
  for (const character of text) {
    used += textWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function padded(text: string, width: number, align?: "right"): string {
  const space = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "right" ? space + text : text + space;
}

/** Cells of a terminal: East Asian characters and emoji take two, combining marks none. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** A sentence on lines that a terminal holds, the later ones indented. */
function wrapped(text: string, screen: Screen | null): string[] {
  const line = oneLine(text);
  if (!screen) return [`  ${line}`];
  const lines: string[] = [];
  let current = "  ";
  for (const word of line.split(" ")) {
    if (current.trim() !== "" && textWidth(current) + 1 + textWidth(word) > screen.width - 1) {
      lines.push(current);
      current = "    ";
    }
    current += (current.trim() === "" ? "" : " ") + word;
  }
  return [...lines, current];
}
