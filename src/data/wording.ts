import { distance } from "fastest-levenshtein";
import { oneLine } from "../text/oneLine";

/** Pieces of the sentences that users read. */

/** 1234567 → "1,234,567". */
export function digits(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** counted(1, "row") → "1 row"; counted(2000, "row") → "2,000 rows". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${digits(count)} ${count === 1 ? singular : plural}`;
}

/** "line 3" → "Line 3". */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** 0.2 → "20 %", 0.2125 → "21.3 %", with a no-break space, as everywhere in Downhill. */
export function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(1))}\u00a0%`;
}

/** A number at a few significant digits: 0.5, 12.3, 1,230. */
export function formatted(value: number, significant = 3): string {
  const rounded = Number(value.toPrecision(significant));
  return Number.isInteger(rounded) ? digits(rounded) : String(rounded);
}

/** Values from files go into messages through this: quoted, on one line and not endless. */
export function quoted(text: string): string {
  const line = oneLine(text);
  return line.length > 60 ? `"${line.slice(0, 57)}…"` : `"${line}"`;
}

/** ["a", "b", "c"] → '"a", "b" and "c"'; past `limit` names: '"a", "b" and 7 more'. */
export function listed(names: readonly string[], limit = 12): string {
  const shown = names.length > limit ? names.slice(0, limit) : names;
  const parts = shown.map(quoted);
  if (names.length > limit) parts.push(`${digits(names.length - limit)} more`);
  return enumerated(parts);
}

/** Line numbers, the first few of them: "line 3", "lines 3, 7 and 12", "lines 3, 7, 12 and more". */
export function listedLines(lines: readonly number[], total = lines.length, limit = 5): string {
  const parts = lines.slice(0, limit).map(String);
  if (total > parts.length) parts.push("more");
  return `line${total === 1 ? "" : "s"} ${enumerated(parts)}`;
}

function enumerated(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

/** The candidate that `name` was probably meant to be, or null. */
function closestName(name: string, candidates: readonly string[]): string | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_.-]+/g, "");
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const steps = plain(candidate) === plain(name) ? 0 : distance(plain(name), plain(candidate));
    if (steps < bestDistance) [best, bestDistance] = [candidate, steps];
  }
  // A third of the letters wrong is a typing mistake; more is another word, as is another single letter.
  if (name.length < 2 && bestDistance > 0) return null;
  return bestDistance <= Math.max(1, Math.floor(name.length / 3)) ? best : null;
}

/** ' Did you mean "species"?', or nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const closest = closestName(name, candidates);
  return closest === null ? "" : ` Did you mean ${quoted(closest)}?`;
}
