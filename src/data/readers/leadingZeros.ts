/** Codes such as "007" and "01234": digits that begin with a zero, which a number would lose. */
import type { TextEvidence } from "../table";

const ZERO = 48;
const NINE = 57;

/** Whether a trimmed cell is digits alone, of which the first is a zero too many. */
export function hasLeadingZero(trimmed: string): boolean {
  return trimmed.length > 1 && trimmed.charCodeAt(0) === ZERO && isDigits(trimmed);
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return false;
  }
  return true;
}

/**
 * What tells that a column holds codes: every value is digits alone, and some begin with a zero. Such values are
 * names of things (postal codes, product numbers), as readr of R has it, too.
 *
 * @param codes of every row, −1 where it has no value
 * @returns null where it does not
 */
export function codeEvidence(labels: readonly string[], codes: Int32Array): TextEvidence | null {
  const leading = labels.map(hasLeadingZero);
  if (!leading.includes(true) || !labels.every(isDigits)) return null;
  let [cells, numbers, firstRow] = [0, 0, -1];
  codes.forEach((code, row) => {
    if (code < 0) return;
    if (leading[code]) {
      cells++;
      if (firstRow < 0) firstRow = row;
    } else numbers++;
  });
  return { cells, numbers, firstRow, firstValue: labels[codes[firstRow]], leadingZeros: true };
}
