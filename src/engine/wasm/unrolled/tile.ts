/**
 * Numbers of four rows by some columns, in vectors of four: along a row (lanes are columns) or down a column (lanes are rows). One of
 * the two is given, the other is made by transposing when it is first asked for.
 */
import type { FunctionBody } from "./functionBody";
import { type Code, f32x4, v128 } from "./instructions";

export const LANES = 4;

export interface Tile {
  /** Columns 4v … 4v + 3 of a row; what is beyond the last column may be anything. */
  row(row: number, v: number): Code;
  /** All four rows of a column. */
  column(column: number): Code;
  /** One number in all lanes. */
  splat(row: number, column: number): Code;
}

export function vectors(columns: number): number {
  return Math.ceil(columns / LANES);
}

export function splatLane(vector: Code, lane: number): Code {
  return v128.shuffle(vector, vector, [lane, lane, lane, lane]);
}

/** @param rows rows[r][v]; variables */
export function tileOfRows(body: FunctionBody, rows: readonly (readonly Code[])[]): Tile {
  const columns: Code[] = [];
  return {
    row: (row, v) => rows[row][v],
    column: (column) => {
      const v = Math.floor(column / LANES);
      if (!(column in columns)) {
        transpose(
          body,
          rows.map((row) => row[v]),
        ).forEach((vector, k) => (columns[LANES * v + k] = vector));
      }
      return columns[column];
    },
    splat: (row, column) => splatLane(rows[row][Math.floor(column / LANES)], column % LANES),
  };
}

/** @param columns variables; what is beyond the last counts as 0 */
export function tileOfColumns(body: FunctionBody, columns: readonly Code[]): Tile {
  const rows: Code[][] = [];
  return {
    row: (row, v) => {
      if (columns.length === 1) return splatLane(columns[0], row);
      rows[v] ??= transpose(
        body,
        Array.from({ length: LANES }, (_, k) => columns[LANES * v + k] ?? f32x4.splatConst(0)),
      );
      return rows[v][row];
    },
    column: (column) => columns[column],
    splat: (row, column) => splatLane(columns[column], row),
  };
}

/** Rows of float32 in memory. */
export function tileInMemory(body: FunctionBody, addresses: readonly Code[]): Tile {
  const columns: Code[] = [];
  return {
    row: (row, v) => v128.load(16 * v, addresses[row]),
    column: (column) => (columns[column] ??= body.keep(gather(addresses, 4 * column))),
    splat: (row, column) => v128.loadSplat(4 * column, addresses[row]),
  };
}

/** The number at `offset` from each of four addresses. */
export function gather(addresses: readonly Code[], offset: number): Code {
  return addresses
    .slice(1)
    .reduce<Code>(
      (vector, address, i) => v128.loadLane(offset, i + 1, address, vector),
      v128.loadZero(offset, addresses[0]),
    );
}

/** Four vectors of four numbers: lane j of the i-th becomes lane i of the j-th. */
export function transpose(body: FunctionBody, [a, b, c, d]: readonly Code[]): Code[] {
  const ab0 = body.keep(v128.shuffle(a, b, [0, 4, 1, 5]));
  const ab1 = body.keep(v128.shuffle(a, b, [2, 6, 3, 7]));
  const cd0 = body.keep(v128.shuffle(c, d, [0, 4, 1, 5]));
  const cd1 = body.keep(v128.shuffle(c, d, [2, 6, 3, 7]));
  return [
    body.keep(v128.shuffle(ab0, cd0, [0, 1, 4, 5])),
    body.keep(v128.shuffle(ab0, cd0, [2, 3, 6, 7])),
    body.keep(v128.shuffle(ab1, cd1, [0, 1, 4, 5])),
    body.keep(v128.shuffle(ab1, cd1, [2, 3, 6, 7])),
  ];
}
