import assert from "node:assert/strict";
import { describeNetwork } from "../../../src/engine/network";
import { encodeSafetensors, type Tensor } from "../../../src/formats/safetensors";
import { weightsOf } from "../../../src/run/initialWeights";

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
});
