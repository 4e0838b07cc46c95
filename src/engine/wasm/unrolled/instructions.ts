/**
 * WebAssembly instructions as bytes (Core Specification 2.0 with SIMD, chapter 5.4). A `Code` is an expression: running its bytes leaves
 * one value on the stack, or none for what only acts. Expressions nest by putting their operands before their own bytes; all is
 * flattened once, at the end.
 */
export type Code = readonly (number | Code)[];

/** The bytes of nested code, in order. */
export function flatten(code: Code, to: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === "number") to.push(part);
    else flatten(part, to);
  }
  return to;
}

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) return [...bytes, low];
    bytes.push(low + 128);
  }
}

function littleEndian(size: 4 | 8, write: (view: DataView) => void): number[] {
  const view = new DataView(new ArrayBuffer(size));
  write(view);
  return Array.from(new Uint8Array(view.buffer));
}

const float32 = (x: number) => littleEndian(4, (view) => view.setFloat32(0, x, true));
const float64 = (x: number) => littleEndian(8, (view) => view.setFloat64(0, x, true));
const int32 = (x: number) => littleEndian(4, (view) => view.setInt32(0, x, true));

const plain =
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands, opcode];
const simd =
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands, 0xfd, ...unsigned(opcode)];
/** The saturating conversions have a prefix of their own. */
const saturating =
  (opcode: number) =>
  (operand: Code): Code => [operand, 0xfc, opcode];
/** A memory access with its alignment (as a power of two) and offset. */
const access =
  (prefix: Code, align: number) =>
  (offset: number, ...operands: Code[]): Code => [...operands, ...prefix, align, ...unsigned(offset)];
const laneAccess = (opcode: number) => (offset: number, lane: number, address: Code, vector: Code) => [
  ...access([0xfd, opcode], 2)(offset, address, vector),
  lane,
];
const lane =
  (opcode: number) =>
  (vector: Code, index: number): Code => [vector, 0xfd, opcode, index];

export const i32 = {
  const: (x: number): Code => [0x41, ...signed(x)],
  load: access([0x28], 2),
  /** From float32, towards 0. */
  truncF32: saturating(0),
  eqz: plain(0x45),
  ltU: plain(0x49),
  ltS: plain(0x48),
  add: plain(0x6a),
  sub: plain(0x6b),
  mul: plain(0x6c),
  and: plain(0x71),
  shl: plain(0x74),
  /** The first where the third is not 0, else the second. */
  select: plain(0x1b),
};

export const f32 = {
  load: access([0x2a], 2),
  const: (x: number): Code => [0x43, ...float32(x)],
  add: plain(0x92),
  fromF64: plain(0xb6),
};

export const f64 = {
  const: (x: number): Code => [0x44, ...float64(x)],
  store: access([0x39], 3),
  le: plain(0x65),
  abs: plain(0x99),
  sqrt: plain(0x9f),
  add: plain(0xa0),
  mul: plain(0xa2),
  div: plain(0xa3),
  min: plain(0xa4),
  fromU32: plain(0xb8),
  fromF32: plain(0xbb),
};

/** Byte numbers of a shuffle of four-byte lanes 0 … 3 of the first operand and 4 … 7 of the second. */
const shuffle = (a: Code, b: Code, lanes: readonly number[]): Code => [
  a,
  b,
  0xfd,
  13,
  ...lanes.flatMap((at) => [4 * at, 4 * at + 1, 4 * at + 2, 4 * at + 3]),
];

export const v128 = {
  load: access([0xfd, 0], 4),
  loadSplat: access([0xfd, 9], 2),
  /** Lane 0 from memory, the others 0. */
  loadZero: access([0xfd, 92], 2),
  store: access([0xfd, 11], 4),
  loadLane: laneAccess(86),
  storeLane: laneAccess(90),
  and: simd(78),
  /** The first where the second is not set. */
  andnot: simd(79),
  or: simd(80),
  xor: simd(81),
  /** Bits of the first where the third is set, else of the second. */
  bitselect: simd(82),
  shuffle,
};

export const i32x4 = {
  const: (...lanes: [number, number, number, number]): Code => [0xfd, 12, ...lanes.flatMap(int32)],
  splatConst: (x: number): Code => i32x4.const(x, x, x, x),
  splat: simd(17),
  extractLane: lane(27),
  eq: simd(55),
  gtS: simd(59),
  shl: simd(171),
  shrS: simd(172),
  add: simd(174),
  sub: simd(177),
  truncF32x4: simd(248),
};

export const f32x4 = {
  splatConst: (x: number): Code => {
    const bytes = float32(x);
    return [0xfd, 12, ...bytes, ...bytes, ...bytes, ...bytes];
  },
  splat: simd(19),
  extractLane: lane(31),
  lt: simd(67),
  gt: simd(68),
  le: simd(69),
  nearest: simd(106),
  abs: simd(224),
  neg: simd(225),
  sqrt: simd(227),
  add: simd(228),
  sub: simd(229),
  mul: simd(230),
  div: simd(231),
  pmin: simd(234),
  pmax: simd(235),
  fromI32x4: simd(250),
  /** Lanes 0 and 1 from float64, the others 0. */
  demote: simd(94),
};

export const f64x2 = {
  splatConst: (x: number): Code => {
    const bytes = float64(x);
    return [0xfd, 12, ...bytes, ...bytes];
  },
  splat: simd(20),
  extractLane: lane(33),
  neg: simd(237),
  add: simd(240),
  sub: simd(241),
  mul: simd(242),
  div: simd(243),
  /** Lanes 0 and 1 of float32. */
  promoteLow: simd(95),
};

export const control = {
  /** Runs the body until it does not `continue_`. Within it, a nesting level deeper. */
  loop: (body: Code): Code => [0x03, 0x40, body, 0x0b],
  /** Goes to the beginning of the loop `depth` levels out if the condition holds. */
  branchIf: (depth: number, condition: Code): Code => [condition, 0x0d, depth],
  if: (condition: Code, body: Code): Code => [condition, 0x04, 0x40, body, 0x0b],
  return: (value: Code): Code => [value, 0x0f],
  call: (index: number, ...operands: Code[]): Code => [...operands, 0x10, ...unsigned(index)],
};
