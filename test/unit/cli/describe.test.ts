import assert from "node:assert/strict";
import { descriptionLines } from "../../../src/cli/descriptionTable";
import { describeTable } from "../../../src/data/describe";
import type { DataDescription } from "../../../src/protocol/describe";
import { tableOf } from "../data/support";
import { downhill, removeWorkspaces, workspace } from "./built";

async function description(text: string): Promise<DataDescription> {
  return { ...describeTable(await tableOf(text)), bytes: text.length, complete: true };
}

describe("downhill describe", function () {
  this.timeout(120_000);
  afterEach(removeWorkspaces);

  it("prints each column, the likeliest target, and nothing that a pipe cannot show", async () => {
    const folder = workspace(["examples/iris.csv"]);
    const { status, stdout, stderr } = await downhill(folder, "describe", "iris.csv");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^iris\.csv: 150 rows × 5 columns, 3\.\d kB\n/);
    assert.match(stdout, /^ {2}petal_width +0 +0\.1 +1\.3 +1\.199 +2\.5 +0\.7597$/m);
    assert.match(stdout, /^ {2}species +0 +3 +setosa 50, versicolor 50, virginica 50$/m);
    assert.match(stdout, /^Target: species \(best guess\)$/m);
    assert.ok(!stdout.includes("\u001b"));
    assert.doesNotMatch(stdout, /[▁-█]/);
  });

  it("shows the target that is asked for", async () => {
    const folder = workspace(["examples/iris.csv"]);
    const { stdout } = await downhill(folder, "describe", "--target", "petal_width", "iris.csv");
    assert.match(stdout, /^Target: petal_width\n {2}Regression: numbers from 0\.1 to 2\.5\.$/m);
  });

  it("prints JSON that holds the same", async () => {
    const folder = workspace(["examples/iris.csv"]);
    const { stdout } = await downhill(folder, "describe", "iris.csv", "--json", "--target", "species");
    const told = JSON.parse(stdout) as DataDescription & { target: string };
    assert.equal(told.rows, 150);
    assert.equal(told.target, "species");
    assert.equal(told.columns[4].values[0].count, 50);
  });

  it("reads a file whose name does not tell its format", async () => {
    const folder = workspace([], { table: "a\tb\n1\t2\n3\t4\n" });
    const { status, stdout, stderr } = await downhill(folder, "describe", "table", "--format", "tsv");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^table: 2 rows × 2 columns/);
  });

  const refusals: [args: string[], status: number, message: RegExp][] = [
    [["nowhere.csv"], 1, /no file .*nowhere\.csv/],
    [["empty.csv"], 1, /empty\.csv/],
    [["unclosed.csv"], 1, /quote.*line 3 of unclosed\.csv/],
    [["iris.csv", "--target", "speces"], 1, /no column called "speces".*Did you mean "species"\?/],
    [["notes.txt"], 1, /notes\.txt/],
    [[], 2, /describe needs a data file/],
    [["iris.csv", "penguins.csv"], 2, /one data file, not 2/],
    [["iris.csv", "--colour"], 2, /--colour/],
    [["iris.csv", "--format", "xls"], 2, /--format xls is no format of data; it is one of csv, tsv, json/],
  ];
  for (const [args, status, message] of refusals)
    it(`refuses ${args.join(" ") || "nothing"} in one sentence`, async () => {
      const folder = workspace(["examples/iris.csv"], {
        "empty.csv": "",
        "unclosed.csv": 'a,b\n1,2\n3,"4\n5,6\n',
        "notes.txt": "a,b\n1,2\n",
      });
      const finished = await downhill(folder, "describe", ...args);
      assert.equal(finished.status, status, finished.stderr);
      assert.equal(finished.stdout, "");
      assert.match(finished.stderr, /^downhill: [^\n]+[.?]\n$/);
      assert.match(finished.stderr, message);
    });
});

describe("A description on a terminal", () => {
  const screen = { width: 80, styled: false };

  it("fits 80 columns, whatever stands in the file", async () => {
    const long = "x".repeat(70);
    const rows = Array.from(
      { length: 30 },
      (_, row) => `${row * 1e5},${long}${row % 9},日本語${row % 3},-1e-300,${row}-é`,
    );
    const text = `${long},b,日本の列,d,e\n${rows.join("\n")}\n`;
    const lines = descriptionLines(await description(text), null, screen);
    const wide = (line: string): number =>
      Array.from(line).reduce((sum, c) => sum + (/[\u3000-\u9fff]/.test(c) ? 2 : 1), 0);
    for (const line of lines) assert.ok(wide(line) <= 80, `${wide(line)}: ${line}`);
    assert.ok(lines.some((line) => line.includes("日本の列")));
  });

  it("shows no control characters of the file", async () => {
    const lines = descriptionLines(await description("a\u001b[31m,b\nx\u0007y,1\nz,2\nz,1\n"), null, screen);
    // eslint-disable-next-line no-control-regex -- which is the point
    assert.doesNotMatch(lines.join(""), /[\u0000-\u001f]/);
  });

  it("lists so many columns, and counts the others", async () => {
    const names = Array.from({ length: 500 }, (_, at) => `c${at}`).join();
    const numbers = (row: number): string => Array.from({ length: 500 }, (_, at) => (at * row) % 17).join();
    const text = `${names}\n${[1, 2, 3].map(numbers).join("\n")}\n`;
    const lines = descriptionLines(await description(text), null, screen);
    assert.ok(lines.length < 700);
    assert.ok(lines.some((line) => line.includes("and 300 more columns")));
    assert.ok(descriptionLines(await description(text), null, null).some((line) => line.includes("c499")));
  });
});
