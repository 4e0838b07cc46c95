import { DataError } from "../dataError";
import { counted, digits } from "../wording";

/** 16 GB of numbers: more than a machine that trains networks on its processor can hold beside the rest. */
const mostCells = 2 ** 31;

/** @throws DataError when a table would not fit into memory, before it fills that */
export function checkSize(file: string, rows: number, columns: number): void {
  if (rows * columns <= mostCells) return;
  throw new DataError(
    `${file} has more than ${digits(rows)} rows of ${counted(columns, "column")}, too much to hold in memory; read fewer rows ("rows"), or keep fewer columns in it.`,
  );
}
