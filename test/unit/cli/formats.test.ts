import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import Papa from "papaparse";
import { parquetOf } from "../data/parquetFile";
import { start } from "./built";

type Cell = string | number | null;

/** The rows of examples/penguins.csv, with types. */
function penguins(): { names: string[]; rows: Cell[][] } {
  const text = readFileSync(path.join(DOWNHILL_ROOT, "examples/penguins.csv"), "utf8");
  const [names, ...rows] = Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
  const typed = (cell: string): Cell => {
    if (["", ".", "NA"].includes(cell)) return null;
    return Number.isNaN(Number(cell)) ? cell : Number(cell);
  };
  return { names, rows: rows.map((row) => row.map(typed)) };
}

function filesOf(): Record<string, string | Uint8Array> {
  const csv = readFileSync(path.join(DOWNHILL_ROOT, "examples/penguins.csv"), "utf8");
  const { names, rows } = penguins();
  const objects = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  const lines = objects.map((object) => JSON.stringify(object)).join("\n");
  const columns = names.map((name, index) => ({ name, data: rows.map((row) => row[index]) }));
  return {
    "penguins.csv": csv,
    "penguins.tsv": csv.replaceAll(",", "\t"),
    "penguins.json": JSON.stringify(objects, null, 1),
    "columns.json": JSON.stringify(Object.fromEntries(columns.map(({ name, data }) => [name, data]))),
    "penguins.jsonl": lines,
    "penguins.ndjson": lines,
    "penguins.csv.gz": gzipSync(csv),
    "penguins.jsonl.gz": gzipSync(lines),
    "penguins.parquet": parquetOf(
      columns.map(({ name, data }) => ({
        name,
        data,
        type: data.some((value) => typeof value === "string") ? "STRING" : "DOUBLE",
      })),
      { codec: "GZIP" },
    ),
  };
}

describe("downhill train, on every format", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), "downhill-formats-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("trains the same network on the same data, bit for bit", async function () {
    this.timeout(120_000);
    const weights = new Map<string, Buffer>();
    for (const [file, data] of Object.entries(filesOf())) {
      writeFileSync(path.join(folder, file), data);
      const config = { data: { file, target: "species" }, epochs: 3 };
      writeFileSync(path.join(folder, "run.train.json"), JSON.stringify(config));
      const { status, stderr } = await start(folder, "train", "run.train.json", "--weights", "w.st").finished;
      assert.equal(status, 0, `${file}: ${stderr}`);
      weights.set(file, readFileSync(path.join(folder, "w.st")));
    }
    const [first, ...others] = weights;
    for (const [file, other] of others)
      assert(other.equals(first[1]), `${file} trains otherwise than ${first[0]}`);
  });

  it("says in one sentence what is wrong with a file", async () => {
    const files: [file: string, text: string, message: RegExp][] = [
      [
        "bad.jsonl",
        '{"a":1,"species":"x"}\n{"a":2\n',
        /^1 line of bad\.jsonl is not a JSON object \(line 2\)/,
      ],
      ["bad.parquet", "PAR1", /^bad\.parquet is not a Parquet file/],
      ["bad.csv.gz", "\u001f\u008b", /^bad\.csv\.gz/],
    ];
    for (const [file, text, message] of files) {
      writeFileSync(path.join(folder, file), Buffer.from(text, "latin1"));
      writeFileSync(
        path.join(folder, "bad.train.json"),
        JSON.stringify({ data: { file, target: "species" }, epochs: 1 }),
      );
      const { status, stderr } = await start(folder, "train", "bad.train.json").finished;
      assert.equal(status, 1);
      assert.match(stderr.replace(/^downhill: /, ""), message);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    }
  });

  it("skips bad rows when asked, and says so", async () => {
    const good = Array.from({ length: 40 }, (_, i) => `{"a":${i},"species":"${"xy"[i % 2]}"}`);
    writeFileSync(
      path.join(folder, "some.jsonl"),
      [...good.slice(0, 20), "oops", ...good.slice(20)].join("\n"),
    );
    const data = { file: "some.jsonl", target: "species", badRows: "skip" };
    writeFileSync(path.join(folder, "some.train.json"), JSON.stringify({ data, epochs: 1 }));
    const { status, stdout, stderr } = await start(folder, "train", "some.train.json").finished;
    assert.equal(status, 0, stderr);
    assert.match(
      stdout + stderr,
      /1 line of some\.jsonl was left out because it is not a JSON object \(line 21\)/,
    );
  });
});
