/**
 * The name of a run's folder: the local time to the millisecond, then the run's name, so that folders sort by age.
 * E.g. "2026-03-01-142530-042-iris".
 */
export function createRunId(name: string, now: Date): string {
  const digits = (value: number, length = 2): string => String(value).padStart(length, "0");
  const date = [digits(now.getFullYear(), 4), digits(now.getMonth() + 1), digits(now.getDate())].join("-");
  const time = digits(now.getHours()) + digits(now.getMinutes()) + digits(now.getSeconds());
  // Only what every file system takes (Windows no point at the end, most no more than 255 bytes, of which a letter may
  // need four); the run keeps its full name in run.json.
  const letters = Array.from(name.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "-").replace(/^[-.]+/, ""));
  const safe = letters
    .slice(0, 55)
    .join("")
    .replace(/[-.]+$/, "");
  const millisecond = digits(now.getMilliseconds(), 3);
  return `${date}-${time}-${millisecond}-${safe || "run"}`;
}
