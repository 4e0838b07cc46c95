/** From a data file to its description. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { dataFormatOf } from "../config/files";
import { DataError } from "../data/dataError";
import { describeTable } from "../data/describe";
import { readTable } from "../data/readTable";
import type { DataDescription, StartDescription } from "../protocol/describe";
import { DataFile } from "./dataFile";

/**
 * Reads a data file and describes it.
 *
 * @param onProgress told now and then how much has been read
 * @throws DataError or PathError, one sentence for the user, when it cannot be read as a table
 */
export async function describeFile(
  { file, format, maxRows }: StartDescription,
  onProgress: (message: string, fraction: number | null) => void = () => undefined,
): Promise<DataDescription> {
  const name = path.basename(file);
  const known = (format as "csv" | "tsv" | undefined) ?? dataFormatOf(file);
  if (!known)
    throw new DataError(`${name} has no extension that tells its format; rename it to .csv or .tsv.`);
  const source = await DataFile.open(file, () => new Promise((resolve) => setImmediate(resolve)));
  try {
    const message = `Reading ${name}`;
    onProgress(message, 0);
    const table = await readTable(source, {
      format: known,
      file: name,
      ...(maxRows === undefined ? {} : { maxRows }),
      onProgress: (bytes) => onProgress(message, Math.min(1, bytes / (source.size || 1))),
    });
    onProgress(`Describing ${name}`, null);
    const bytes = (await stat(file)).size;
    return { ...describeTable(table), bytes, complete: maxRows === undefined || table.rowCount < maxRows };
  } finally {
    await source.close();
  }
}
