/** `downhill export` and `downhill predict`, on a run that `downhill train` has made. */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import Papa from "papaparse";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import { encodeFileVersion, encodeScalars } from "../../../src/formats/tensorboard";
import { downhill, removeWorkspaces, start, workspace } from "./built";

const config = JSON.stringify({
  data: { file: "penguins.csv", target: "species" },
  network: { hidden: [6] },
  epochs: 8,
});

/** A folder with a finished run, and the run's name. */
async function trained(): Promise<{ folder: string; run: string }> {
  const folder = workspace(["examples/penguins.csv"], { "p.train.json": config });
  const { status, stderr } = await downhill(folder, "train", "p.train.json");
  assert.equal(status, 0, stderr);
  return { folder, run: readdirSync(path.join(folder, ".downhill/runs"))[0] };
}

const parse = (text: string): string[][] => Papa.parse<string[]>(text, { skipEmptyLines: true }).data;

describe("downhill export", () => {
  let folder: string;
  let run: string;
  before(async () => ({ folder, run } = await trained()));
  after(removeWorkspaces);

  it("writes every format, and says what it wrote", async () => {
    const runFolder = path.join(".downhill/runs", run);
    for (const [format, output, files] of [
      ["onnx", "m.onnx", ["m.onnx"]],
      ["safetensors", "w.safetensors", ["w.safetensors"]],
      ["pytorch", "m.py", ["m.py", "m.safetensors"]],
      ["javascript", "m.mjs", ["m.mjs"]],
      ["csv", "curves.csv", ["curves.csv"]],
    ] as const) {
      const { status, stdout, stderr } = await downhill(
        folder,
        "export",
        runFolder,
        "--format",
        format,
        "--output",
        output,
      );
      assert.equal(status, 0, stderr);
      assert.equal(stderr, "");
      assert.equal(stdout, files.map((file) => `Wrote ${file}\n`).join(""));
      for (const file of files) assert.ok(readFileSync(path.join(folder, file)).length > 100, file);
    }
    const { tensors, metadata } = decodeSafetensors(readFileSync(path.join(folder, "w.safetensors")));
    const own = decodeSafetensors(readFileSync(path.join(folder, runFolder, "checkpoint.safetensors")));
    const weights = own.tensors.filter(({ name }) => name.startsWith("layers."));
    assert.deepEqual(tensors, weights);
    assert.equal((JSON.parse(metadata.preparation) as { inputSize: number }).inputSize, 9);
    const [header, ...rows] = parse(readFileSync(path.join(folder, "curves.csv"), "utf8"));
    assert.deepEqual(header.slice(0, 6), [
      "step",
      "epoch",
      "loss",
      "gradient_norm",
      "learning_rate",
      "training_loss",
    ]);
    assert.deepEqual(
      rows.map((row) => row[1]).filter((epoch) => epoch !== ""),
      ["0", "1", "2", "3", "4", "5", "6", "7", "8"],
    );
  });

  it("writes every record of a long journal, more than charts show", async () => {
    const long = path.join(folder, "long");
    mkdirSync(long);
    cpSync(path.join(folder, ".downhill/runs", run, "run.json"), path.join(long, "run.json"));
    const records = Array.from({ length: 20_000 }, (_, i) =>
      encodeScalars({ wallTime: i, step: i + 1, scalars: [["loss/training", i]] }),
    );
    writeFileSync(
      path.join(long, "events.out.tfevents.1"),
      Buffer.concat([encodeFileVersion(0), ...records]),
    );
    const { status, stderr } = await downhill(
      folder,
      "export",
      "long",
      "--format",
      "csv",
      "--output",
      "long.csv",
    );
    assert.equal(status, 0, stderr);
    const lines = readFileSync(path.join(folder, "long.csv"), "utf8").trimEnd().split("\n");
    assert.equal(lines.length, 20_001);
    assert.equal(lines[20_000], "20000,,19999,,");
  });

  it("tells of a run that did not end well", async () => {
    const file = path.join(folder, ".downhill/runs", run, "run.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"status": "completed"', '"status": "diverged"'));
    const { status, stderr } = await downhill(
      folder,
      "export",
      run,
      "--format",
      "onnx",
      "--output",
      "d.onnx",
    );
    writeFileSync(file, text);
    assert.equal(status, 0);
    assert.match(stderr, /^Note: The run p diverged at step \d+; these are its weights of step \d+\.\n$/);
  });

  it("overwrites no file that it should not", async () => {
    writeFileSync(path.join(folder, "mine.safetensors"), "mine");
    const runFolder = path.join(".downhill/runs", run);
    for (const [args, message] of [
      [
        ["--format", "pytorch", "--output", "mine.py"],
        /mine\.safetensors would be overwritten, which is no export/,
      ],
      [
        ["--format", "safetensors", "--output", `${runFolder}/checkpoint.safetensors`],
        /is a file of the run itself/,
      ],
      [
        ["--format", "csv", "--output", "penguins.csv"],
        /penguins\.csv is the data file that the run was made from/,
      ],
      [["--format", "csv", "--output", "p.train.json"], /p\.train\.json is the run config that/],
    ] as const) {
      const { status, stderr } = await downhill(folder, "export", run, ...args);
      assert.equal(status, 1);
      assert.match(stderr, message);
    }
    assert.equal(readFileSync(path.join(folder, "mine.safetensors"), "utf8"), "mine");
    assert.ok(!existsSync(path.join(folder, "mine.py")));
  });

  it("says in one line what is wrong", async () => {
    for (const [args, expected, message] of [
      [[run], 2, /needs --format onnx, javascript, pytorch, pytorch-script, safetensors or csv;/],
      [[run, "--format", "onnx"], 2, /needs --output FILE;/],
      [[run, "--format", "keras", "--output", "x"], 2, /not keras;/],
      [["--format", "onnx", "--output", "x"], 2, /needs a run;/],
      [[run, "--format", "pytorch", "--output", "x"], 2, /--output x must end in \.py: /],
      [["elsewhere", "--format", "onnx", "--output", "x"], 1, /There is no run elsewhere: /],
      [
        [run, "--format", "onnx", "--output", "no/x"],
        4,
        /no\/x cannot be written, as there is no such folder\./,
      ],
    ] as const) {
      const { status, stdout, stderr } = await downhill(folder, "export", ...args);
      assert.equal(status, expected, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    }
  });

  it("exports of a descent on a function its curves, and says that there is no network", async () => {
    const text = '{ "function": { "expression": "x^2 + y^2", "start": { "x": 1, "y": 2 } }, "steps": 5 }';
    const other = workspace([], { "f.train.json": text });
    assert.equal((await downhill(other, "train", "f.train.json")).status, 0);
    const [name] = readdirSync(path.join(other, ".downhill/runs"));
    const model = await downhill(other, "export", name, "--format", "onnx", "--output", "f.onnx");
    assert.equal(model.status, 1);
    assert.match(model.stderr, /The run f minimises a function, so it has no network; only its curves/);
    const curves = await downhill(other, "export", name, "--format", "csv", "--output", "f.csv");
    assert.equal(curves.status, 0, curves.stderr);
    const [header, ...rows] = parse(readFileSync(path.join(other, "f.csv"), "utf8"));
    const [step, loss] = [header.indexOf("step"), header.indexOf("loss")];
    assert.deepEqual(rows.find((row) => row[step] === "1")?.[loss], "5");
  });

  it("says that a run has no weights", async () => {
    const other = await trained();
    rmSync(path.join(other.folder, ".downhill/runs", other.run, "checkpoint.safetensors"));
    const { status, stderr } = await downhill(
      other.folder,
      "export",
      other.run,
      "--format",
      "onnx",
      "--output",
      "x",
    );
    assert.equal(status, 1);
    assert.match(stderr, /The run p has no weights yet: /);
  });
});

describe("downhill predict", () => {
  let folder: string;
  let run: string;
  before(async () => ({ folder, run } = await trained()));
  after(removeWorkspaces);

  it("writes every row as it is, with the class and the probabilities beside it", async () => {
    const { status, stdout, stderr } = await downhill(folder, "predict", run, "penguins.csv");
    assert.equal(status, 0, stderr);
    const original = parse(readFileSync(path.join(folder, "penguins.csv"), "utf8"));
    const [header, ...rows] = parse(stdout);
    assert.deepEqual(header.slice(7), [
      "predicted_species",
      "probability_Adelie",
      "probability_Chinstrap",
      "probability_Gentoo",
    ]);
    assert.deepEqual(
      [header, ...rows].map((row) => row.slice(0, 7)),
      original,
    );
    for (const row of rows) {
      const probabilities = row.slice(8).map(Number);
      assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-5);
      assert.equal(
        row[7],
        ["Adelie", "Chinstrap", "Gentoo"][probabilities.indexOf(Math.max(...probabilities))],
      );
    }
    const right = rows.filter((row) => row[7] === row[0]).length / rows.length;
    assert.ok(right > 0.8, `${right} of the rows are right`);
    assert.match(stderr, /^Note: 1\d missing values were filled in .*"sex" \(1\d\)\.\n$/);
  });

  it("takes columns in any order beside others, quotes what needs it, and counts categories that it never saw", async () => {
    const rows = [
      "id,sex,predicted_species,body_mass_g,flipper_length_mm,beak_depth_mm,beak_length_mm,island,note",
      'a,MALE,?,3750,181,18.7,39.1,Torgersen,"one, two"',
      'b,FEMALE,?,3800,186,17.4,39.5,Mars,"he said ""no"""',
      'c,,?,,,,,Venus,"two\nlines"',
      "d,MALE,?,3750,181,18.7,39.1,Torgersen, spaced ",
    ];
    writeFileSync(path.join(folder, "new.csv"), `\ufeff${rows.join("\r\n")}\r\n`);
    const { status, stdout, stderr } = await downhill(
      folder,
      "predict",
      run,
      "new.csv",
      "--output",
      "out.csv",
    );
    assert.equal(status, 0, stderr);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /2 rows have categories of "island" that no training row has; encoded as all zeros\./,
    );
    const text = readFileSync(path.join(folder, "out.csv"), "utf8");
    const lines = parse(text);
    assert.deepEqual(lines[0].slice(0, 10), [...rows[0].split(","), "predicted_species_2"]);
    assert.deepEqual(
      lines.map((line) => line[8]),
      ["note", "one, two", 'he said "no"', "two\nlines", " spaced "],
    );
    assert.deepEqual(lines[1].slice(9), lines[4].slice(9), "equal rows have equal predictions");
    assert.match(text, /,"one, two",/);
  });

  it("reads tab-separated files", async () => {
    const text = readFileSync(path.join(folder, "penguins.csv"), "utf8").replaceAll(",", "\t");
    writeFileSync(path.join(folder, "p.tsv"), text);
    cpSync(path.join(folder, "p.tsv"), path.join(folder, "rows.txt"));
    const tsv = await downhill(folder, "predict", run, "p.tsv");
    const csv = await downhill(folder, "predict", run, "penguins.csv");
    const named = await downhill(folder, "predict", run, "rows.txt", "--format", "tsv");
    assert.equal(named.stdout, tsv.stdout);
    assert.equal(tsv.stdout, csv.stdout);
  });

  it("reads JSON Lines, and writes their values as CSV", async () => {
    const { stdout } = await downhill(folder, "predict", run, "penguins.csv");
    const [names, ...rows] = parse(readFileSync(path.join(folder, "penguins.csv"), "utf8"));
    const lines = rows.map((row) =>
      JSON.stringify(
        Object.fromEntries(
          names.map((name, i) => [
            name,
            row[i] === "" ? null : /^[\d.]+$/.test(row[i]) ? Number(row[i]) : row[i],
          ]),
        ),
      ),
    );
    writeFileSync(path.join(folder, "p.jsonl"), lines.join("\n"));
    const jsonl = await downhill(folder, "predict", run, "p.jsonl");
    assert.equal(jsonl.status, 0, jsonl.stderr);
    const cells = (text: string): string[][] => parse(text).map((row) => row.slice(-4));
    assert.deepEqual(cells(jsonl.stdout), cells(stdout));
    assert.deepEqual(parse(jsonl.stdout)[1].slice(0, 7), rows[0]);
  });

  it("predicts values in the target's own units", async () => {
    const mass = { data: { file: "penguins.csv", target: "body_mass_g" }, epochs: 30, seed: 3 };
    writeFileSync(path.join(folder, "mass.train.json"), JSON.stringify(mass));
    assert.equal((await downhill(folder, "train", "mass.train.json", "--runs", "other")).status, 0);
    const [name] = readdirSync(path.join(folder, "other"));
    const { status, stdout, stderr } = await downhill(folder, "predict", `other/${name}`, "penguins.csv");
    assert.equal(status, 0, stderr);
    const [header, ...rows] = parse(stdout);
    assert.deepEqual(header.slice(7), ["predicted_body_mass_g"]);
    const errors = rows
      .filter((row) => /^\d/.test(row[5]))
      .map((row) => Math.abs(Number(row[5]) - Number(row[7])));
    assert.ok(errors.reduce((a, b) => a + b) / errors.length < 400);
  });

  it("says in one line what is wrong, and writes nothing", async () => {
    writeFileSync(path.join(folder, "few.csv"), "island,sex\nDream,MALE\n");
    writeFileSync(
      path.join(folder, "words.csv"),
      "island,beak_length_mm,beak_depth_mm,flipper_length_mm,body_mass_g,sex\nDream,long,1,1,1,MALE\n",
    );
    for (const [args, expected, message] of [
      [[run], 2, /takes a run and a data file;/],
      [
        [run, "few.csv", "--output", "o.csv"],
        1,
        /few\.csv lacks the columns "beak_length_mm", .* that the network reads/,
      ],
      [
        [run, "words.csv", "--output", "o.csv"],
        1,
        /"beak_length_mm" of words\.csv should hold numbers, but line 2 has "long"/,
      ],
      [[run, "nowhere.csv", "--output", "o.csv"], 1, /There is no file .*nowhere\.csv/],
      [["nowhere", "few.csv"], 1, /There is no run nowhere/],
      [[run, "penguins.csv", "--output", "./penguins.csv"], 2, /would overwrite the data file/],
      [
        [run, "penguins.csv", "--output", "no/x.csv"],
        4,
        /x\.csv cannot be written, as there is no such folder/,
      ],
    ] as const) {
      const { status, stdout, stderr } = await downhill(folder, "predict", ...args);
      assert.equal(status, expected, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    }
    assert.ok(!existsSync(path.join(folder, "o.csv")));
  });

  it("ends quietly when nobody reads on", async () => {
    const many = readFileSync(path.join(folder, "penguins.csv"), "utf8").split("\n");
    writeFileSync(path.join(folder, "many.csv"), [many[0], ...Array<string>(300).fill(many[1])].join("\n"));
    const { child, finished } = start(folder, "predict", run, "many.csv");
    child.stdout?.destroy();
    const { status, stderr } = await finished;
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /fault|cannot/);
  });
});
