/** Words that come in pairs, false first. Digits are not among them: 0 and 1 are numbers. */
const pairs: readonly (readonly [string, string])[] = [
  ["false", "true"],
  ["no", "yes"],
];

/**
 * Whether labels are true and false or yes and no, in any one way of writing them.
 *
 * @param labels distinct, of which there is at least one
 * @returns how false and true are written, and the truth of each label; null when they are something else
 */
export function readBooleans(
  labels: readonly string[],
): { labels: readonly [string, string]; codes: readonly (0 | 1)[] } | null {
  if (labels.length < 1 || labels.length > 2) return null;
  const pair = pairs.find((words) => words.includes(labels[0].toLowerCase()));
  if (pair === undefined) return null;
  const codes = labels.map((label) => pair.indexOf(label.toLowerCase()));
  if (codes.includes(-1) || (labels.length === 2 && codes[0] === codes[1])) return null;
  const written = codes.map((code) => labels[codes.indexOf(code)]);
  const like = (word: string): string => inCaseOf(labels[0], word);
  const at = (code: number): string => written[codes.indexOf(code)] ?? like(pair[code]);
  return { labels: [at(0), at(1)], codes: codes.map((code) => (code === 1 ? 1 : 0)) };
}

/** The truth of one label, however it is written, or null when it is neither true nor false. */
export function truthOf(label: string): 0 | 1 | null {
  return readBooleans([label])?.codes[0] ?? null;
}

/** "TRUE", "false" → "FALSE": the label that no row has is written like the one that rows have. */
function inCaseOf(example: string, word: string): string {
  if (example === example.toUpperCase()) return word.toUpperCase();
  const capital = example.charAt(0) !== example.charAt(0).toLowerCase();
  return capital ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
