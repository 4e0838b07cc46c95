/** Whole numbers that float64 rounds: beyond 2^53 it holds only some of them. */
import type { ColumnRemark } from "./remarks";

const exact = BigInt(Number.MAX_SAFE_INTEGER);

/** What to say of a whole number as it is written, or null where no digit is lost. */
export function lostDigitsOf(trimmed: string): ColumnRemark | null {
  if (trimmed.length < 16 || !/^[+-]?\d{16,40}$/.test(trimmed)) return null;
  return lostDigitsOfInteger(BigInt(trimmed));
}

export function lostDigitsOfInteger(value: bigint): ColumnRemark | null {
  if (value <= exact && value >= -exact) return null;
  const kept = BigInt(Number(value));
  return kept === value ? null : { kind: "digits", example: String(value), kept: String(kept) };
}

/**
 * The same of a number that has been read already (JSON): one that long was written as a whole number, and whether
 * it lost digits cannot be told any more.
 */
export function lostDigitsOfNumber(value: number): ColumnRemark | null {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return null;
  const text = String(value);
  if (text.includes("e") || text.replace(/^-|0+$/g, "").length <= 15) return null;
  return { kind: "digits", example: text, kept: null };
}
