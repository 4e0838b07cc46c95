const bareNumber = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * What a piece of JSON means. NaN and Infinity, which Python and R write although JSON has no such words, are
 * missing and infinite.
 *
 * @returns undefined when it is not JSON
 */
export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined;
  }
  const repaired = text.replace(bareNumber, (found) => {
    if (found.startsWith('"')) return found;
    return found === "NaN" ? "null" : found.startsWith("-") ? "-1e999" : "1e999";
  });
  try {
    return JSON.parse(repaired);
  } catch {
    return undefined;
  }
}

/** A row is an object with keys, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
