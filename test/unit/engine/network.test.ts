import assert from "node:assert/strict";
import {
  describeNetwork,
  inputCount,
  layerOffsets,
  outputCount,
  parameterCount,
  parameterViews,
} from "../../../src/engine/network";

describe("the network's shape", () => {
  const network = describeNetwork(
    4,
    [
      { units: 3, activation: "relu", dropout: 0.5 },
      { units: 2, activation: "tanh" },
    ],
    1,
  );

  it("is a chain of layers that ends in plain outputs", () => {
    assert.deepEqual(network.layers, [
      { inputs: 4, units: 3, activation: "relu", dropout: 0.5 },
      { inputs: 3, units: 2, activation: "tanh", dropout: 0 },
      { inputs: 2, units: 1, activation: "identity", dropout: 0 },
    ]);
    assert.equal(inputCount(network), 4);
    assert.equal(outputCount(network), 1);
  });

  it("may have no hidden layer", () => {
    const linear = describeNetwork(4, [], 3);
    assert.deepEqual(linear.layers, [{ inputs: 4, units: 3, activation: "identity", dropout: 0 }]);
    assert.equal(parameterCount(linear), 15);
  });

  it("lies in one flat array, layer by layer, weight before bias", () => {
    assert.equal(parameterCount(network), 15 + 8 + 3);
    assert.deepEqual(layerOffsets(network), [
      { weight: 0, bias: 12 },
      { weight: 15, bias: 21 },
      { weight: 23, bias: 25 },
    ]);
    const flat = Float32Array.from({ length: 26 }, (_, i) => i);
    assert.deepEqual(
      parameterViews(network, flat).map(({ name, shape, values }) => [name, shape, values[0], values.length]),
      [
        ["layers.0.weight", [3, 4], 0, 12],
        ["layers.0.bias", [3], 12, 3],
        ["layers.1.weight", [2, 3], 15, 6],
        ["layers.1.bias", [2], 21, 2],
        ["layers.2.weight", [1, 2], 23, 2],
        ["layers.2.bias", [1], 25, 1],
      ],
    );
  });

  it("has views that write through", () => {
    const flat = new Float64Array(26);
    parameterViews(network, flat)[1].values[2] = 7;
    assert.equal(flat[14], 7);
  });
});
