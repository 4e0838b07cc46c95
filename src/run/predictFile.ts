/** Predictions for the rows of a data file, as CSV: its own columns as they are written, then the predicted ones. */
import path from "node:path";
import { dataFormatOf } from "../config/files";
import type { DataFormat } from "../config/runConfig";
import type { TargetEncoding } from "../data/preparation";
import { readCells } from "../data/rawCells";
import { readAlike, stylesOf } from "../data/readAlike";
import { noteImputed, noteUnseen } from "../data/replacements";
import type { DecodedOutputs } from "../data/rawRows";
import type { Table } from "../data/table";
import { listed } from "../data/wording";
import { DataFile } from "./dataFile";
import { readData, type LoadingControl } from "./material";
import { Predictor } from "./predictor";
import type { TrainedNetwork } from "./trainedModel";

/** Rows predicted at once: their encoded values are all that is kept of them. */
const blockRows = 2048;

export interface PredictedFile {
  rows: number;
  /** The text of the CSV file, piece by piece. Throws as `predictFile` does. */
  text: AsyncGenerator<string, void, undefined>;
  /** What the user should know, one sentence each: complete when the text is. */
  notes: string[];
}

/**
 * Reads a data file and predicts its rows.
 *
 * @param givenFormat for a file whose name does not tell it
 * @throws DataError or PathError: one sentence for the user
 */
export async function predictFile(
  trained: TrainedNetwork,
  file: string,
  loading: LoadingControl,
  givenFormat: DataFormat | null = null,
): Promise<PredictedFile> {
  const format = givenFormat ?? dataFormatOf(file) ?? trained.format;
  const table = await readData(
    file,
    file,
    { ...(format === null ? {} : { format }), badRows: "error" },
    undefined,
    loading,
  ).then((read) => read.table);
  const predictor = new Predictor(trained);
  // Looked at now, so that a column that is missing is told before anything is written.
  predictor.predict(table, Uint32Array.of(0));
  const notes = [...(trained.note === null ? [] : [trained.note]), ...table.notes];
  notes.push(...notKept(table, format));
  return {
    rows: table.rowCount,
    text: textOf(trained, predictor, table, { file, format: format ?? "csv" }, notes, loading),
    notes,
  };
}

/** Of text files the cells are read once more; of others only what the table has can be written. */
function notKept({ columns }: Table, format: DataFormat | null): string[] {
  if (format === "csv" || format === "tsv") return [];
  const names = columns.filter(({ kind }) => kind === "text").map(({ name }) => name);
  if (names.length === 0) return [];
  return [`The values of ${listed(names)} are left empty, since too many of them differ to be kept.`];
}

async function* textOf(
  trained: TrainedNetwork,
  predictor: Predictor,
  table: Table,
  { file, format }: { file: string; format: DataFormat },
  notes: string[],
  loading: LoadingControl,
): AsyncGenerator<string, void, undefined> {
  const { target } = trained.model.preparation;
  const alike = readAlike(table, stylesOf(trained.model.preparation), notes);
  const replaced = { imputed: new Map<string, number>(), unseen: new Map<string, number>() };
  let at = 0;
  for await (const rows of originalCells(file, format, table, loading)) {
    const lines: string[] = [];
    if (at === 0) {
      const names = rows.shift() ?? [];
      lines.push(csvLine([...names, ...predictedColumns(target, names)]));
    }
    for (let from = 0; from < rows.length; from += blockRows) {
      const block = rows.slice(from, from + blockRows);
      const indices = Uint32Array.from(block, (_, index) => at + index);
      const { decoded, imputed, unseen } = predictor.predict(alike, indices);
      addCounts(replaced.imputed, imputed);
      addCounts(replaced.unseen, unseen);
      block.forEach((cells, index) =>
        lines.push(csvLine([...cells, ...predictedCells(decoded, target, index)])),
      );
      at += block.length;
    }
    yield lines.join("");
    loading.progress(`Predicting ${path.basename(file)}`, at / table.rowCount);
    await loading.breathe();
  }
  noteImputed([replaced], notes);
  noteUnseen(replaced, trained.model.preparation, "row", notes);
}

/** Blocks of rows as they are written, the column names first. */
async function* originalCells(
  file: string,
  format: DataFormat,
  table: Table,
  loading: LoadingControl,
): AsyncGenerator<string[][], void, undefined> {
  const source = await DataFile.open(file, () => loading.breathe());
  try {
    const options = { file: path.basename(file), format };
    yield* readCells(source, table, options);
  } finally {
    await source.close();
  }
}

/** predicted_species, probability_setosa …; with a number behind where the file has such a column. */
function predictedColumns(target: TargetEncoding, taken: readonly string[]): string[] {
  const wanted =
    target.task === "classification"
      ? [`predicted_${target.column}`, ...target.classes.map((name) => `probability_${name}`)]
      : target.columns.map((name) => `predicted_${name}`);
  const names = new Set(taken);
  return wanted.map((name) => {
    let free = name;
    for (let count = 2; names.has(free); count++) free = `${name}_${count}`;
    names.add(free);
    return free;
  });
}

function predictedCells(decoded: DecodedOutputs, target: TargetEncoding, row: number): string[] {
  if (decoded.task === "classification" && target.task === "classification") {
    const { classes } = target;
    const probabilities = decoded.probabilities.subarray(row * classes.length, (row + 1) * classes.length);
    return [classes[decoded.predicted[row]], ...Array.from(probabilities, numberText)];
  }
  if (decoded.task === "classification" || target.task === "classification") return [];
  const { length } = target.columns;
  return Array.from(decoded.values.subarray(row * length, (row + 1) * length), numberText);
}

/** The network computes in float32: further digits would be noise. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(7)));
}

/** A line of CSV with its line break (RFC 4180, but "\n"). */
function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
}

function addCounts(total: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [name, count] of more) total.set(name, (total.get(name) ?? 0) + count);
}
