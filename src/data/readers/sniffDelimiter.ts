import Papa from "papaparse";

const candidates = [",", ";", "\t", "|"];
const rowsLookedAt = 50;

/**
 * What separates the cells of a file, told by its first rows: the character that cuts them into the same
 * number of cells, at least two; else the one that most often stands in the header; else a comma.
 */
export function sniffDelimiter(head: string, newline: "\n" | "\r"): string {
  let best = ",";
  let bestScore = 0;
  for (const delimiter of candidates) {
    const parser = new Papa.Parser({ delimiter, newline, preview: rowsLookedAt + 1 });
    const { data } = parser.parse(head, 0, false) as { data: string[][] };
    // The last row may be cut off by the end of the head.
    const rows = data.length > 2 ? data.slice(0, -1) : data;
    const filled = rows.filter((row) => row.length > 1 || row[0].trim() !== "").slice(0, rowsLookedAt);
    if (filled.length === 0) continue;
    const width = filled[0].length;
    if (width < 2) continue;
    const even = filled.filter((row) => row.length === width).length / filled.length;
    // Evenness first: with decimal commas a header of one cell stands over rows of many.
    const score = even * 1e6 + width;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}
