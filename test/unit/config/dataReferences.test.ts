import assert from "node:assert/strict";
import fc from "fast-check";
import { dataReferences, dataSlotAt, writtenName, type NameStyle } from "../../../src/config/dataReferences";
import { parseText } from "../../../src/config/text/parseText";
import { nodeAt } from "../../../src/config/text/textTree";
import type { ConfigLanguage } from "../../../src/config/files";

describe("The columns and files that a run config names", () => {
  const json = `{ "data": { "file": "a.csv", "target": "y", "features": ["x1", "x2"], "ignore": ["id", 3],
    "split": { "groupBy": "who" }, "validationFile": "b.csv" }, "network": { "initialWeights": "w.safetensors" } }`;
  const yaml = `data:\n  file: a.csv\n  target: y\n  features: [x1, "x2"]\n  ignore:\n    - id\n    - 3\n  split: { groupBy: 'who' }\n  validationFile: b.csv\nnetwork:\n  initialWeights: w.safetensors\n`;

  for (const [language, text] of [
    ["json", json],
    ["yaml", yaml],
  ] as const)
    it(`are found in ${language}, each where it stands`, () => {
      const { file, references } = dataReferences(text, language);
      assert.equal(file, "a.csv");
      assert.deepEqual(
        references.map(({ kind, path, name }) => [kind, path.join("."), name]),
        [
          ["file", "data.file", "a.csv"],
          ["column", "data.target", "y"],
          ["column", "data.features.0", "x1"],
          ["column", "data.features.1", "x2"],
          ["column", "data.ignore.0", "id"],
          ["column", "data.split.groupBy", "who"],
          ["file", "data.validationFile", "b.csv"],
          ["weights", "network.initialWeights", "w.safetensors"],
        ],
      );
      for (const { name, word } of references) assert.equal(word && text.slice(word.start, word.end), name);
    });

  it("are none in a text that is no run config", () => {
    for (const text of ["", "[1, 2]", '"data"', "{", "data"])
      assert.deepEqual(dataReferences(text, "json").references, []);
  });
});

/** The slot at the ‸ of a text, and the text as it would be with a name put there. */
function complete(
  marked: string,
  language: ConfigLanguage,
  name: string,
): { text: string; taken: string[] } | null {
  const offset = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  const slot = dataSlotAt(text, language, offset);
  if (!slot) return null;
  const { start, end } = slot.replace;
  assert.ok(start <= offset && offset <= end, "the cursor is in what is replaced");
  return {
    text: text.slice(0, start) + writtenName(name, slot.style, slot.asList) + text.slice(end),
    taken: [...slot.taken],
  };
}

describe("A place for a column or a file", () => {
  const cases: [marked: string, language: ConfigLanguage, result: string | null][] = [
    ['{ "data": { "target": "‸" } }', "json", '{ "data": { "target": "a b" } }'],
    ['{ "data": { "target": "sp‸ec" } }', "json", '{ "data": { "target": "a b" } }'],
    ['{ "data": { "target": ‸ } }', "json", '{ "data": { "target": "a b" } }'],
    [
      '{ "data": { "target": ‸\n  "ignore": [] } }',
      "json",
      '{ "data": { "target": "a b"\n  "ignore": [] } }',
    ],
    ['{ "data": { "features": ["x", "‸"] } }', "json", '{ "data": { "features": ["x", "a b"] } }'],
    ['{ "data": { "features": [‸] } }', "json", '{ "data": { "features": ["a b"] } }'],
    ['{ "data": { "ignore": ‸ } }', "json", '{ "data": { "ignore": ["a b"] } }'],
    ['{ "data": { "file": "‸" } }', "json", '{ "data": { "file": "a b" } }'],
    ['{ "data": { "split": { "orderBy": "‸" } } }', "json", '{ "data": { "split": { "orderBy": "a b" } } }'],
    ['{ "data": { "missing": "‸" } }', "json", null],
    ['{ "data": { ‸ } }', "json", null],
    ['{ "loss": "‸" }', "json", null],
    ["data:\n  target: ‸\n", "yaml", "data:\n  target: a b\n"],
    ["data:\n  target: spe‸\n", "yaml", "data:\n  target: a b\n"],
    ["data:\n  target: '‸'\n", "yaml", "data:\n  target: 'a b'\n"],
    ["data:\n  ignore:\n    - id\n    - ‸\n", "yaml", "data:\n  ignore:\n    - id\n    - a b\n"],
    ["data: { file: x.csv, features: [‸] }\n", "yaml", "data: { file: x.csv, features: [a b] }\n"],
    ["data:\n  features: ‸\n", "yaml", 'data:\n  features: ["a b"]\n'],
    ["data:\n  ‸\n", "yaml", null],
    ["epochs: ‸\n", "yaml", null],
  ];
  for (const [marked, language, result] of cases)
    it(`in ${JSON.stringify(marked)} is ${result === null ? "none" : "found"}`, () => {
      assert.equal(complete(marked, language, "a b")?.text ?? null, result);
    });

  it("knows which columns have their part already", () => {
    const text = '{ "data": { "target": "y", "features": ["x", "‸"], "ignore": ["id"] } }';
    assert.deepEqual(complete(text, "json", "z")?.taken.sort(), ["id", "x", "y"]);
  });

  it("takes any name, so that it is read back as it is", () => {
    const frames: [ConfigLanguage, NameStyle, (written: string) => string][] = [
      ["json", "json", (written) => `{ "data": { "target": ${written} } }`],
      ["json", "double-quoted", (written) => `{ "data": { "target": "${written}" } }`],
      ["yaml", "yaml", (written) => `data:\n  target: ${written}\n`],
      ["yaml", "single-quoted", (written) => `data:\n  target: '${written}'\n`],
      ["yaml", "double-quoted", (written) => `data:\n  target: "${written}"\n`],
    ];
    const tricky = fc.constantFrom(
      "true",
      "null",
      "no",
      "1.5",
      "- x",
      "a: b",
      "#",
      "it's",
      'say "x"',
      "\\",
      "2020-01-01",
      "~",
    );
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string({ minLength: 1, unit: "grapheme" })), (name) => {
        // Single quotes cannot hold what needs an escape.
        // eslint-disable-next-line no-control-regex -- they are what needs one
        const plain = !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/.test(name);
        for (const [language, style, frame] of frames) {
          if (style === "single-quoted" && !plain) continue;
          const { root } = parseText(frame(writtenName(name, style)), language);
          const node = nodeAt(root, ["data", "target"]);
          assert.deepEqual(node?.kind === "string" && node.value, name, `${language} ${style}`);
        }
      }),
      { numRuns: 500 },
    );
  });
});
