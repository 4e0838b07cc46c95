import { dataFields } from "../config/keys/dataFields";
import type { DataFormat } from "../config/runConfig";
import { UsageError } from "./usage";

/** The value of --format, for a data file whose name does not tell. Throws a UsageError for an unknown one. */
export function dataFormatFrom(value: string | undefined): DataFormat | null {
  if (value === undefined) return null;
  const formats = Object.keys(dataFields.format.choices) as DataFormat[];
  const format = formats.find((known) => known === value);
  if (format !== undefined) return format;
  throw new UsageError(`--format ${value} is no format of data; it is one of ${formats.join(", ")}`);
}
