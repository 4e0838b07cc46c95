// How fast data files are read, beside the libraries that parse them: papaparse's and hyparquet's bare work on the
// same bytes in the same process, runs interleaved. Prints a table. Usage: node test/bench/readers.mjs [rows]
import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./support.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rows = Number(process.argv[2] ?? 200_000);
const rounds = 5;
const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-readers-"));

await build({
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  loader: { ".wasm": "binary" },
  stdin: {
    contents: `export { readTable } from "./src/data/readTable";
      export { openDataFile } from "./src/run/dataFile";
      export { default as Papa } from "papaparse";
      export { parquetMetadata, parquetRead } from "hyparquet/src/index.js";
      export { compressors } from "hyparquet-compressors";`,
    resolveDir: root,
    loader: "ts",
  },
  outfile: path.join(folder, "bundle.cjs"),
});
const { readTable, openDataFile, Papa, parquetMetadata, parquetRead, compressors } = createRequire(
  import.meta.url,
)(path.join(folder, "bundle.cjs"));

/** @type {[string, string, string, (bytes: Buffer) => unknown][]} */
const cases = [];
const numbers = path.join(folder, "numbers.csv");
const mixed = path.join(folder, "mixed.csv");
const names = Array.from({ length: 10 }, (_, i) => `x${i}`).join(",");
let state = 1;
const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
const row = (/** @type {number} */ width) =>
  Array.from({ length: width }, () => (random() * 2000 - 1000).toFixed(6)).join(",");
writeFileSync(numbers, `${names}\n${Array.from({ length: rows }, () => row(10)).join("\n")}\n`);
const label = (/** @type {number} */ i) => ["setosa", "versicolor", "virginica"][i % 3];
const mixedRow = (/** @type {unknown} */ _, /** @type {number} */ i) =>
  `${row(8)},${label(i)},${i % 7 === 0 ? "" : i}`;
writeFileSync(mixed, `${names}\n${Array.from({ length: rows }, mixedRow).join("\n")}\n`);
const papa = (/** @type {Buffer} */ bytes) =>
  Papa.parse(bytes.toString("utf8"), { delimiter: ",", newline: "\n" });
cases.push(["10 columns of numbers", numbers, "csv", papa], ["numbers, labels and gaps", mixed, "csv", papa]);
const mnist = path.join(
  process.env.DOWNHILL_DATASETS ?? path.join(root, "../shared/datasets"),
  "mnist-train-60k-wide.parquet",
);
try {
  readFileSync(mnist);
  cases.push([
    "60,000 × 785, gzip",
    mnist,
    "parquet",
    (bytes) => {
      const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
      const file = {
        byteLength: buffer.byteLength,
        slice: (/** @type {number} */ a, /** @type {number} */ b) => buffer.slice(a, b),
      };
      return parquetRead({ file, metadata: parquetMetadata(buffer), compressors, onChunk: () => undefined });
    },
  ]);
} catch {
  console.log(`${mnist} is absent: no Parquet.`);
}

console.log("file                          MB    Downhill  library   ratio   MB/s   peak memory ÷ numbers");
for (const [name, file, format, bare] of cases) {
  const bytes = readFileSync(file);
  const [ours, theirs] = [[0], [0]].map(() => /** @type {number[]} */ ([]));
  let peak = 0;
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    let started = performance.now();
    const source = await openDataFile(file);
    const before = process.memoryUsage().arrayBuffers;
    const table = await readTable(source, {
      format,
      file: name,
      onProgress: () => (peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)),
    });
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    held = table.rowCount * table.columns.length * 8;
    await source.close();
    ours.push(performance.now() - started);
    started = performance.now();
    await bare(bytes);
    theirs.push(performance.now() - started);
  }
  const [our, their] = [median(ours), median(theirs)];
  const text = (/** @type {number} */ value, /** @type {number} */ digits) =>
    value.toFixed(digits).padStart(8);
  console.log(
    `${name.padEnd(26)}${text(bytes.length / 1e6, 1)}${text(our, 0)} ms${text(their, 0)} ms${text(our / their, 2)}${text(bytes.length / 1e3 / our, 0)}${text(peak / held, 2)}`,
  );
}
rmSync(folder, { recursive: true, force: true });
