/** From a data file to its description. */
import path from "node:path";
import { dataFormatOf } from "../config/files";
import { DataError } from "../data/dataError";
import { describeTable } from "../data/describe";
import { readTable } from "../data/readTable";
import type { DataDescription, StartDescription } from "../protocol/describe";
import { DataFile } from "./dataFile";

/** So many rows tell what is in a file that is only begun: Parquet is not read by bytes. */
const glanceRows = 10_000;

/**
 * Reads a data file and describes it.
 *
 * @param onProgress told now and then how much has been read
 * @throws DataError or PathError, one sentence for the user, when it cannot be read as a table
 */
export async function describeFile(
  { file, format, rows, mostBytes, badRows }: StartDescription,
  onProgress: (message: string, fraction: number | null) => void = () => undefined,
): Promise<DataDescription> {
  const name = path.basename(file);
  const known = format ?? dataFormatOf(file);
  if (!known)
    throw new DataError(
      `${name} has no extension that tells its format; rename it (.csv, .tsv, .json, .jsonl or .parquet).`,
    );
  const source = await DataFile.open(file, () => new Promise((resolve) => setImmediate(resolve)));
  try {
    const isLarge = mostBytes !== undefined && source.size > mostBytes;
    let cut = false as boolean;
    const maxRows = Math.min(rows ?? Infinity, isLarge ? glanceRows : Infinity);
    const message = `Reading ${name}`;
    onProgress(message, 0);
    const table = await readTable(source, {
      format: known,
      file: name,
      ...(badRows === undefined ? {} : { badRows }),
      // A compressed file may be small and its text large.
      ...(mostBytes === undefined ? {} : { mostBytes, onCut: () => (cut = true) }),
      ...(maxRows < Infinity ? { maxRows } : {}),
      onProgress: (bytes) => onProgress(message, Math.min(1, bytes / (source.size || 1))),
    });
    onProgress(`Describing ${name}`, null);
    return {
      ...describeTable(table),
      bytes: source.size,
      complete: !isLarge && !cut && table.rowCount < maxRows,
    };
  } finally {
    await source.close();
  }
}
