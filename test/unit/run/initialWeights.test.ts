import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describeNetwork } from "../../../src/engine/network";
import { encodeSafetensors, type Tensor } from "../../../src/formats/safetensors";
import { weightsOf } from "../../../src/run/initialWeights";
import { removeTemporaryFolders, smallRun, temporaryFolder, type SmallRun } from "./support";

const network = describeNetwork(3, [{ units: 2, activation: "relu" }], 1);
const tensor = (name: string, shape: number[], first = 1): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { name, shape, values: Float32Array.from({ length: size }, (_, i) => first + i) };
};
const all = [
  tensor("layers.0.weight", [2, 3]),
  tensor("layers.0.bias", [2], 7),
  tensor("layers.1.weight", [1, 2], 9),
  tensor("layers.1.bias", [1], 11),
];
const read = (tensors: Tensor[]): number[] => [...weightsOf(encodeSafetensors(tensors), "w.st", network)];

describe("initial weights", () => {
  it("are laid out as the network has them, in whatever order and precision they come", () => {
    const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    assert.deepEqual(read(all), expected);
    const wide = all.map((each) => ({ ...each, values: Float64Array.from(each.values) }));
    assert.deepEqual(read(wide.reverse()), expected);
    assert.deepEqual(read([...all, tensor("optimizer.0", [4])]), expected, "other tensors are no matter");
  });

  it("are refused with a reason when they are those of another network", () => {
    const change = (index: number, other: Tensor): Tensor[] =>
      all.map((each, i) => (i === index ? other : each));
    const cases: [Tensor[], RegExp][] = [
      [all.slice(1), /w\.st has no tensor layers\.0\.weight, .* shape \[2, 3\]; it has layers\.0\.bias, /],
      [
        change(0, tensor("layers.0.weight", [3, 2])),
        /layers\.0\.weight in w\.st has the shape \[3, 2\], .* needs \[2, 3\]/,
      ],
      [
        change(3, tensor("layers.1.bias", [1], NaN)),
        /layers\.1\.bias in w\.st holds values that are not finite/,
      ],
      [
        [...all, tensor("layers.2.weight", [1, 1])],
        /layers\.2\.weight, which this network of 2 layers has no place for/,
      ],
    ];
    for (const [tensors, message] of cases)
      assert.throws(() => read(tensors), { name: "FormatError", message });
    assert.throws(
      () => weightsOf(new Uint8Array(4), "w.st", network),
      /^FormatError: w\.st is too short to be a safetensors file\.$/,
    );
  });

  describe("under the names of another program", () => {
    const deep = describeNetwork(
      3,
      [
        { units: 4, activation: "relu" },
        { units: 4, activation: "relu" },
      ],
      2,
    );
    const layer = (name: string, units: number, inputs: number, first: number): Tensor[] => [
      tensor(`${name}bias`, [units], first),
      tensor(`${name}weight`, [units, inputs], first + 100),
    ];
    const readNamed = (tensors: Tensor[], notes: string[] = []): number[] => [
      ...weightsOf(encodeSafetensors(tensors), "w.st", deep, notes),
    ];
    /** Two layers of one shape, which only their names tell apart. */
    const alike = describeNetwork(
      3,
      Array.from({ length: 3 }, () => ({ units: 4, activation: "relu" as const })),
      2,
    );
    const range = (first: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => first + i);
    const expected = [
      ...[...range(1100, 12), ...range(1000, 4)],
      ...[...range(2100, 16), ...range(2000, 4)],
      ...[...range(3100, 8), ...range(3000, 2)],
    ];

    it("are found by shapes, in the order of their names", () => {
      // As safetensors writes a state dict: sorted by name as text.
      const sequential = [
        ...layer("10.", 2, 4, 3000),
        ...layer("0.", 4, 3, 1000),
        ...layer("2.", 4, 4, 2000),
      ];
      const notes: string[] = [];
      assert.deepEqual(readNamed(sequential, notes), expected);
      assert.deepEqual(notes, ["The layers of w.st were taken by their shapes, in this order: 0, 2, 10."]);
      const named = [
        ...layer("model.out.", 2, 4, 3000),
        ...layer("model.fc1.", 4, 3, 1000),
        ...layer("model.fc2.", 4, 4, 2000),
        tensor("model.scale", [3]),
      ];
      assert.deepEqual(readNamed(named), expected);
      // In the order of names the first would be the hidden one.
      const words = [
        ...layer("hidden.", 4, 4, 2000),
        ...layer("input.", 4, 3, 1000),
        ...layer("a.", 2, 4, 3000),
      ];
      assert.deepEqual(readNamed(words), expected);
    });

    it("keep the order of the numbers in their names where shapes are alike", () => {
      const tensors = [
        ...layer("10.", 4, 4, 3000),
        ...layer("2.", 4, 4, 2000),
        ...layer("0.", 4, 3, 1000),
        ...layer("12.", 2, 4, 4000),
      ];
      const parameters = weightsOf(encodeSafetensors(tensors), "w.st", alike, []);
      assert.deepEqual(
        [parameters[0], parameters[16], parameters[36], parameters[56]],
        [1100, 2100, 3100, 4100],
      );
    });

    it("are refused with both shapes when they do not fit", () => {
      const cases: [Tensor[], RegExp][] = [
        [
          [...layer("0.", 4, 9, 0), ...layer("2.", 4, 4, 0), ...layer("4.", 2, 4, 0)],
          /^0\.weight in w\.st has the shape \[4, 9\], but layer 0 of this network needs \[4, 3\]; make "hidden"/,
        ],
        [
          [...layer("0.", 3, 4, 0), ...layer("2.", 4, 4, 0), ...layer("4.", 2, 4, 0)],
          /0\.weight in w\.st has the shape \[3, 4\], but layer 0 of this network needs \[4, 3\]; transpose it/,
        ],
        [
          [...layer("0.", 4, 3, 0), ...layer("2.", 2, 4, 0)],
          /has 2 layers \(0 \[4, 3\], 2 \[2, 4\]\), but this network has 3 layers \(\[4, 3\], \[4, 4\], \[2, 4\]\)/,
        ],
        [
          [tensor("0.weight", [4, 3])],
          /0\.weight without 0\.bias, which this network needs in the shape \[4\]/,
        ],
        [
          [tensor("0.weight", [4, 3]), tensor("0.bias", [3])],
          /0\.bias in w\.st has the shape \[3\], but 0\.weight of the shape \[4, 3\] needs \[4\]/,
        ],
        [[tensor("values", [4, 3])], /has 0 layers \(no 2-D tensor/],
      ];
      for (const [tensors, message] of cases)
        assert.throws(() => readNamed(tensors), { name: "FormatError", message });
    });
  });

  describe("of another run", () => {
    after(removeTemporaryFolders);
    const config = { data: { target: "y", features: ["a", "b"] }, network: { hidden: [4] }, epochs: 2 };

    async function finish(run: SmallRun): Promise<{ notes: string[]; message: string }> {
      const { result } = await run.run();
      const start = run.events.find((event) => event.type === "start");
      return { notes: start?.type === "start" ? start.description.notes : [], message: result.message };
    }

    it("are its latest ones, whether its folder or its name is given", async () => {
      const folder = temporaryFolder();
      const first = smallRun(folder, config, { weightsFile: path.join(folder, "w.safetensors") });
      await first.run();
      for (const named of ["w.safetensors", first.start.id, `.downhill/runs/${first.start.id}`]) {
        const again = smallRun(
          folder,
          {
            ...config,
            network: { hidden: [4], initialWeights: named },
            epochs: 1,
            optimizer: { type: "sgd", learningRate: 1e-30 },
          },
          { id: "again", weightsFile: path.join(folder, "same.safetensors") },
        );
        assert.deepEqual((await finish(again)).notes, [], named);
        const [a, b] = ["w.safetensors", "same.safetensors"].map((name) =>
          readFileSync(path.join(folder, name)),
        );
        assert.ok(a.equals(b), named);
      }
    });

    it("come with a word about inputs that were others", async () => {
      const folder = temporaryFolder();
      const first = smallRun(folder, config);
      await first.run();
      const data = { target: "y", features: ["b", "a"] };
      const network = { hidden: [4], initialWeights: first.start.id };
      const { notes } = await finish(smallRun(folder, { ...config, data, network }, { id: "other" }));
      assert.deepEqual(notes, [
        `The run ${first.start.id}, whose weights this one starts from, read a where this one reads b.`,
      ]);
    });

    it("are refused in one sentence when there are none", async () => {
      const folder = temporaryFolder();
      mkdirSync(path.join(folder, "empty"));
      for (const [initialWeights, message] of [
        ["empty", /network\.initialWeights is empty, which is a folder without the weights of a run/],
        ["nothing", /network\.initialWeights is nothing, but there is no file .*nothing\./],
        ["../..", /lies outside the workspace folder/],
      ] as const) {
        const run = smallRun(folder, { ...config, network: { hidden: [4], initialWeights } });
        assert.match((await finish(run)).message, message);
      }
    });
  });
});
