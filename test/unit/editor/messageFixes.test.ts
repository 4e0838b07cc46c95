import assert from "node:assert/strict";
import { fixed } from "../../../src/config/fix";
import { parseRunConfig } from "../../../src/config/parse";
import { DataError } from "../../../src/data/dataError";
import { prepare } from "../../../src/data/prepare";
import { messageFixes } from "../../../src/editor/messageFixes";
import { tableOf, uniform } from "../data/support";

/** What training on a CSV file says of a run config, or null where it has nothing to say. */
async function fault(csv: string, text: string): Promise<string | null> {
  const { config, problems } = parseRunConfig(text, "json");
  assert(config, problems.map(({ message }) => message).join(" "));
  try {
    const table = await tableOf(csv, { badRows: config.data.badRows });
    prepare({ table, config, random: uniform() });
    return null;
  } catch (error) {
    assert(error instanceof DataError);
    return error.message;
  }
}

describe("Repairs that a sentence about data proposes", () => {
  const rows = (count: number, row: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => row(at)).join("\n");
  const cases: [name: string, csv: string, config: object, title: string][] = [
    [
      "bad rows",
      `a,y\n${rows(40, (i) => (i === 7 ? "1" : `${i},${i / 2}`))}\n`,
      {},
      'Set "data.badRows" to "skip"',
    ],
    [
      "text in a regression",
      `a,y\n${rows(40, (i) => `${i},${i % 2 ? "p" : "q"}`)}\n`,
      { task: "regression" },
      'Set "task" to "classification"',
    ],
    [
      "missing values that are refused",
      `a,y\n${rows(40, (i) => `${i % 9 ? i : ""},${i / 2}`)}\n`,
      { data: { missing: "error" } },
      'Set "data.missing" to "impute"',
    ],
    [
      "three classes of a binary loss",
      `a,y\n${rows(40, (i) => `${i},${"pqr"[i % 3]}`)}\n`,
      { loss: "binary-cross-entropy" },
      'Set "loss" to "categorical-cross-entropy"',
    ],
    [
      "weights of classes that are none",
      `a,y\n${rows(40, (i) => `${i},${i / 7}`)}\n`,
      { data: { classWeights: "balanced" } },
      'Remove "classWeights"',
    ],
    ["too few rows", `a,y\n${rows(2, (i) => `${i},${i / 7}`)}\n`, {}, 'Set "data.split.validation" to 0'],
    [
      "numbers too large",
      `a,b,y\n${rows(40, (i) => `${i}e300,${i},${i / 7}`)}\n`,
      {},
      'Ignore the column "a"',
    ],
  ];
  for (const [name, csv, part, title] of cases)
    it(`mend ${name}`, async () => {
      const { data = {}, ...rest } = part as { data?: object };
      const text = JSON.stringify({ data: { file: "data.csv", target: "y", ...data }, ...rest }, null, 2);
      const message = await fault(csv, text);
      assert(message !== null);
      const fix = messageFixes(message, text, "json").find((each) => each.title === title);
      assert(fix, message);
      const mended = fixed(text, "json", fix);
      assert(mended !== null);
      assert.equal(await fault(csv, mended), null, mended);
    });

  it("are none where it proposes nothing that a config can do", () => {
    assert.deepEqual(messageFixes("x.csv is empty; add a header and rows.", "{}", "json"), []);
  });
});
