/**
 * The name of a run's folder: the local time to the millisecond, then the run's name, so that folders sort by age.
 * E.g. "2026-03-01-142530-042-iris".
 */
export function createRunId(name: string, now: Date): string {
  const digits = (value: number, length = 2): string => String(value).padStart(length, "0");
  const date = [digits(now.getFullYear(), 4), digits(now.getMonth() + 1), digits(now.getDate())].join("-");
  const time = digits(now.getHours()) + digits(now.getMinutes()) + digits(now.getSeconds());
  // Only what every file system takes; the run keeps its full name in run.json.
  const safe = name.replaceAll(/[^\p{L}\p{N}_.-]+/gu, "-").replaceAll(/^[-.]+|[-.]+$/g, "");
  const millisecond = digits(now.getMilliseconds(), 3);
  return `${date}-${time}-${millisecond}-${Array.from(safe).slice(0, 60).join("") || "run"}`;
}
