import path from "node:path";

/** "data/new.csv" → "data/new-predictions.csv", or with the first free number behind: nothing is written over. */
export function predictionsFile(dataFile: string, exists: (file: string) => boolean): string {
  const base = path.join(
    path.dirname(dataFile),
    `${path.parse(dataFile.replace(/\.gz$/i, "")).name}-predictions`,
  );
  let file = `${base}.csv`;
  for (let count = 2; exists(file); count++) file = `${base}-${count}.csv`;
  return file;
}
