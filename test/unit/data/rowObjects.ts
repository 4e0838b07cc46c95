import { strict as assert } from "node:assert";
import Papa from "papaparse";

/**
 * The slow, obvious twin of src/data: row objects, one loop for each thing. Knows numbers, categories and
 * missing values; nothing is left out.
 */

export interface Twin {
  inputs: number[][];
  targets: number[];
  inputNames: string[];
}

const missing = ["", "NA", "N/A", "NaN", "null", "?", ".", "-"];

export function rowObjects(text: string): Map<string, string | null>[] {
  const [header, ...rows] = Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
  return rows.map(
    (row) => new Map(header.map((name, index) => [name, missing.includes(row[index]) ? null : row[index]])),
  );
}

/** Encodes the rows numbered in `part` after fitting to those numbered in `training`. */
export function encodeByHand(
  text: string,
  target: string,
  training: Iterable<number>,
  part: Iterable<number>,
  standardize: boolean,
): Twin {
  const rows = rowObjects(text);
  const names = [...rows[0].keys()].filter((name) => name !== target);
  const trainingRows = [...training].map((row) => rows[row]);
  const encoded: number[][] = [...part].map(() => []);
  const inputNames: string[] = [];
  const partRows = [...part].map((row) => rows[row]);
  for (const name of names) {
    const isNumber = rows.every((row) => row.get(name) === null || !Number.isNaN(Number(row.get(name))));
    const known = trainingRows.map((row) => row.get(name) ?? null).filter((value) => value !== null);
    if (isNumber) {
      const mean = known.length === 0 ? 0 : sum(known.map(Number)) / known.length;
      const filled = trainingRows.map((row) => Number(row.get(name) ?? mean));
      const centre = sum(filled) / filled.length;
      const variance = sum(filled.map((value) => (value - centre) ** 2)) / filled.length;
      const scale = new Set(filled).size === 1 ? 1 : Math.sqrt(variance);
      inputNames.push(name);
      partRows.forEach((row, index) => {
        const value = Number(row.get(name) ?? mean);
        encoded[index].push(standardize ? (value - centre) / scale : value);
      });
    } else {
      const labels = [...new Set(known)].sort();
      const counts = labels.map((label) => known.filter((value) => value === label).length);
      const most = labels[counts.indexOf(Math.max(...counts))];
      inputNames.push(...labels.map((label) => `${name}=${label}`));
      partRows.forEach((row, index) => {
        const value = row.get(name) ?? most;
        for (const label of labels) encoded[index].push(value === label ? 1 : 0);
      });
    }
  }
  const classes = [...new Set(rows.map((row) => row.get(target) ?? null))]
    .filter((value) => value !== null)
    .sort();
  const targets = partRows.map((row) => classes.indexOf(row.get(target) ?? ""));
  assert(targets.every((index) => index >= 0));
  return { inputs: encoded, targets, inputNames };
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
