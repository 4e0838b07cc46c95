import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { DataConfig, DataFormat, RunConfig, SplitConfig } from "../../../src/config/runConfig";
import { DataError } from "../../../src/data/dataError";
import { prepare, type Prepared } from "../../../src/data/prepare";
import { dataFormatOf } from "../../../src/config/files";
import type { DataSource } from "../../../src/data/dataSource";
import { readTable } from "../../../src/data/readTable";
import { columnNamed, type Column, type Table } from "../../../src/data/table";

export async function* chunksOf(
  bytes: Uint8Array,
  size = bytes.length || 1,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

/** Bytes as a file would give them. */
export function sourceOf(bytes: Uint8Array, chunk?: number): DataSource {
  return {
    size: bytes.length,
    chunks: () => chunksOf(bytes, chunk),
    slice: (from, to) => Promise.resolve(new Uint8Array(bytes).slice(from, to).buffer),
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Reads text as if it were the file data.csv, in chunks of so many bytes. */
export function tableOf(
  text: string | Uint8Array,
  options: {
    format?: DataFormat;
    chunk?: number;
    maxRows?: number;
    file?: string;
    badRows?: "error" | "skip";
  } = {},
): Promise<Table> {
  const bytes = typeof text === "string" ? bytesOf(text) : text;
  const { format = "csv", file = `data.${format}`, chunk, maxRows, badRows } = options;
  return readTable(sourceOf(bytes, chunk), { format, file, maxRows, badRows });
}

export function tableOfFile(file: string): Promise<Table> {
  const format = dataFormatOf(file);
  assert(format);
  return readTable(sourceOf(readFileSync(file), 4096), { format, file: path.basename(file) });
}

export function column(table: Table, name: string): Column {
  const found = columnNamed(table, name);
  assert(found, `no column ${name}`);
  return found;
}

/** A column's cells as a person would read them: numbers, labels, null for missing. */
export function cellsOf(table: Table, name: string): (number | string | null)[] {
  const found = column(table, name);
  if (found.kind === "number" || found.kind === "date")
    return Array.from(found.values, (value) => (Number.isNaN(value) ? null : value));
  assert(found.kind === "category" || found.kind === "boolean");
  return Array.from(found.codes, (code) => (code < 0 ? null : found.labels[code]));
}

type Settings = Partial<Omit<DataConfig, "split" | "target">> & {
  target?: string | string[];
  split?: Partial<SplitConfig>;
  task?: RunConfig["task"];
  loss?: RunConfig["loss"];
};

/** A run config's data as they are when nothing else is said; the target is "y". */
export function settingsOf({ target = "y", split, task, loss, ...rest }: Settings = {}): Pick<
  RunConfig,
  "data" | "task" | "loss"
> {
  return {
    task,
    loss,
    data: {
      file: "data.csv",
      target: typeof target === "string" ? [target] : target,
      ignore: [],
      standardize: true,
      standardizeTarget: true,
      missing: "impute",
      classWeights: "none",
      badRows: "error",
      ...rest,
      split: { validation: 0, test: 0, stratify: true, ...split },
    },
  };
}

/** Uniform numbers in [0, 1) that are the same in every run (mulberry32). */
export function uniform(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function prepared(
  text: string,
  settings: Settings = {},
  validationText?: string,
  testText?: string,
): Promise<Prepared> {
  const table = await tableOf(text);
  const validationTable =
    validationText === undefined ? undefined : await tableOf(validationText, { file: "validation.csv" });
  const testTable = testText === undefined ? undefined : await tableOf(testText, { file: "test.csv" });
  return prepare({ table, validationTable, testTable, config: settingsOf(settings), random: uniform() });
}

/** One clear sentence: begins and ends like one, on one line, without the traces of an accident. */
export async function refuses(work: () => unknown, ...expected: (string | RegExp)[]): Promise<void> {
  const error: unknown = await Promise.resolve()
    .then(work)
    .then(
      () => assert.fail(`accepted, instead of an error with ${expected.join(" and ")}`),
      (reason: unknown) => reason,
    );
  assert(error instanceof DataError, String(error instanceof Error ? error.stack : error));
  const { message } = error;
  for (const part of expected) {
    if (typeof part === "string") assert(message.includes(part), `${message}\nlacks ${part}`);
    else assert.match(message, part);
  }
  assert.match(message, /^[^\n]+[.?]$/);
  assert.doesNotMatch(message, /undefined|NaN\b|null|\[object|!/);
}

export function exampleFile(name: string): string {
  return path.join(DOWNHILL_ROOT, "examples", name);
}

/** A file of the optional folder of larger data sets, or null where it is absent. */
export function datasetFile(name: string): string | null {
  const folder = process.env.DOWNHILL_DATASETS ?? path.join(DOWNHILL_ROOT, "../shared/datasets");
  const file = path.join(folder, name);
  return existsSync(file) ? file : null;
}
