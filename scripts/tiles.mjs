// Writes src/engine/wasm/kernel/tiles.ts: the two inner loops in which nearly all time of a training step goes.
//
// They are spelled out by a program because eight steps of the sum stand one after the other, each with a way out of the loop after it.
// The ways out serve sums of any length, and they keep V8 from moving the loads of later steps before the
// arithmetic of earlier ones: without them it runs out of registers as soon as a loop makes more than one step.
import { readFileSync, writeFileSync } from "node:fs";

const STEPS = 8;
const ROWS = [0, 1, 2, 3];

/**
 * One step: 4 numbers of x, each times 8 of w, onto 4 × 8 sums.
 * @param {{ x: string, spacing: number, w: string, at: number }} where
 */
function step({ x, spacing, w, at }) {
  const lines = [
    `const x${at} = ${x};`,
    `const w${at} = v128.load(${w}, ${32 * at});`,
    `const u${at} = half ? w${at} : v128.load(${w}, ${32 * at + 16});`,
  ];
  for (const row of ROWS) {
    lines.push(
      `const v${at}${row} = v128.load32_splat(x${at}, ${spacing * row});`,
      `s${row}0 = f32x4.add(s${row}0, f32x4.mul(v${at}${row}, w${at}));`,
      `if (!half) s${row}1 = f32x4.add(s${row}1, f32x4.mul(v${at}${row}, u${at}));`,
    );
  }
  if (at < STEPS - 1) lines.push(`if (rest == ${at + 1}) break;`);
  return lines;
}

/** @param {Omit<Parameters<typeof step>[0], "at" | "x"> & { next: number }} where `next`: bytes from a step's x to the next one's */
function steps({ spacing, w, next }) {
  return Array.from({ length: STEPS }, (_, at) =>
    step({ x: at === 0 ? "x" : `x + ${next * at}`, spacing, w, at }),
  ).flat();
}

/** @param {string[]} lines */
function indented(lines, depth = 4) {
  return lines.map((line) => " ".repeat(depth) + line).join("\n");
}

const sums = ROWS.flatMap((row) => [`s${row}0`, `s${row}1`]);
const stores = sums.map((sum, i) => `${i % 2 ? "if (!half) " : ""}v128.store(out, ${sum}, ${16 * i});`);
const source = `/** Written by scripts/tiles.mjs, which says why it looks as it does. */

/**
 * 4 rows × 8 columns of start + x·w, written to \`out\` or, where \`onto\` is set, multiplied onto what is there. Each sum is added up in
 * the order of its index.
 *
 * @param x 4 rows in panels \`stride\` bytes apart
 * @param w one panel, \`terms\` rows
 * @param half leaves the last four columns alone
 */
@inline
export function productTile(
  x: usize,
  stride: usize,
  w: usize,
  terms: i32,
  start0: v128,
  start1: v128,
  out: usize,
  onto: bool,
  half: bool,
): void {
${indented(
  ROWS.map((row) => `let s${row}0 = start0, s${row}1 = start1;`),
  2,
)}
  let rest = terms;
  while (true) {
${indented(steps({ spacing: 32, w: "w", next: 4 }))}
    rest -= ${STEPS};
    if (rest <= 0) break;
    x += stride;
    w += ${32 * STEPS};
  }
  if (onto) {
${indented(sums.map((sum, i) => `${i % 2 ? "if (!half) " : ""}${sum} = f32x4.mul(${sum}, v128.load(out, ${16 * i}));`))}
  }
${indented(stores, 2)}
}

/** 4 inputs × 8 units of a gradient: the sum over the rows of x·delta, both one panel. With \`half\`, the last four units' are zero. */
@inline
export function gradientTile(x: usize, delta: usize, rows: i32, out: usize, half: bool): void {
  const zero = f32x4.splat(0);
${indented(
  ROWS.map((row) => `let s${row}0 = zero, s${row}1 = zero;`),
  2,
)}
  let rest = rows;
  while (true) {
${indented(steps({ spacing: 4, w: "delta", next: 32 }))}
    rest -= ${STEPS};
    if (rest <= 0) break;
    x += ${32 * STEPS};
    delta += ${32 * STEPS};
  }
${indented(
  sums.map((sum, i) => `v128.store(out, ${sum}, ${16 * i});`),
  2,
)}
}
`;

/** @param {URL | string} file */
export function writeTiles(file) {
  let present = "";
  try {
    present = readFileSync(file, "utf8");
  } catch {
    // It was never written.
  }
  if (present !== source) writeFileSync(file, source);
}
