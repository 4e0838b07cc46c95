import assert from "node:assert/strict";
import { contrast, css, distance, firstDistinct, fromOklab, oklab, type Rgb } from "../../../webview/colour";
import { colourScale, lossRange, scaleColours } from "../../../webview/trajectory/colourScale";

/** Protanopia and deuteranopia in linear RGB (Viénot, Brettel and Mollon 1999). */
const blindness: [string, number[][]][] = [
  [
    "protanopia",
    [
      [0.11238, 0.88762, 0],
      [0.11238, 0.88762, 0],
      [0.00401, -0.00401, 1],
    ],
  ],
  [
    "deuteranopia",
    [
      [0.29275, 0.70725, 0],
      [0.29275, 0.70725, 0],
      [-0.02234, 0.02234, 1],
    ],
  ],
];

function seenWith(matrix: number[][], rgb: Rgb): Rgb {
  const linear = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = matrix.map((row) => {
    const c = Math.min(1, Math.max(0, row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]));
    return c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055;
  });
  return [r, g, b];
}

describe("OKLab", () => {
  it("has white at lightness 1 without colour, and goes there and back", () => {
    const [lightness, a, b] = oklab([1, 1, 1]);
    assert.ok(Math.abs(lightness - 1) < 1e-6 && Math.abs(a) < 1e-6 && Math.abs(b) < 1e-6);
    const orange: Rgb = [0.82, 0.52, 0.09];
    assert.ok(distance(fromOklab(oklab(orange)), orange) < 1e-5);
  });

  it("is the published red", () => {
    const red = oklab([1, 0, 0]).map((value) => Number(value.toFixed(3)));
    assert.deepEqual(red, [0.628, 0.225, 0.126]);
  });
});

describe("the colour scale of the trajectory", () => {
  const backgrounds: ["dark" | "light", Rgb][] = [
    ["dark", [0.122, 0.122, 0.122]],
    ["light", [1, 1, 1]],
  ];
  for (const [kind, background] of backgrounds) {
    const colours = scaleColours(kind);

    it(`is visible everywhere on a ${kind} background`, () => {
      for (const colour of colours) assert.ok(contrast(colour, background) >= 2.7, css(colour));
    });

    it(`gets lighter evenly on a ${kind} background`, () => {
      const steps = colours.slice(1).map((colour, i) => oklab(colour)[0] - oklab(colours[i])[0]);
      const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
      assert.ok(steps.every((step) => step > 0.3 * mean && step < 2 * mean));
    });

    for (const [name, matrix] of blindness) {
      it(`keeps its ends and its middle apart for ${name} on a ${kind} background`, () => {
        const [low, middle, high] = [0, 128, 255].map((i) => seenWith(matrix, colours[i]));
        for (const [p, q] of [
          [low, middle],
          [middle, high],
          [low, high],
        ]) {
          assert.ok(distance(p, q) > 0.12);
        }
      });
    }
  }

  it("holds its ends outside 0 … 1", () => {
    const scale = colourScale("dark");
    assert.equal(scale.at(-1), scale.at(0));
    assert.equal(scale.at(7), scale.at(1));
  });
});

describe("lossRange", () => {
  it("is linear for near losses and logarithmic for far ones", () => {
    const near = lossRange([1, 2, 3]);
    assert.equal(near.logarithmic, false);
    assert.equal(near.position(2), 0.5);
    const far = lossRange([0.01, 1, 100]);
    assert.equal(far.logarithmic, true);
    assert.ok(Math.abs(far.position(1) - 0.5) < 1e-12);
    assert.equal(lossRange([-1, 100]).logarithmic, false);
  });

  it("puts up with losses that are not finite or all the same", () => {
    const range = lossRange([NaN, 2, Infinity, 2]);
    assert.equal(range.position(2), 0);
    assert.ok(Number.isNaN(range.position(Infinity)));
    assert.ok(Number.isNaN(lossRange([]).position(NaN)));
  });
});

describe("firstDistinct", () => {
  const white: Rgb = [1, 1, 1];
  const blue: Rgb = [0.1, 0.52, 1];
  const navy: Rgb = [0.06, 0.29, 0.52];
  const red: Rgb = [0.71, 0.13, 0.05];

  it("passes over a candidate that looks like one in use, or like the background", () => {
    assert.equal(firstDistinct([navy, red], [blue], white), red);
    assert.equal(firstDistinct([[0.98, 0.98, 0.9], red], [blue], white), red);
  });

  it("takes the best of bad ones", () => {
    assert.equal(firstDistinct([blue, navy], [blue], white), navy);
  });
});
