/**
 * Days since 1970-01-01 as "2015-12-31" or, where there is a time of day, "2015-12-31 18:30:00" (UTC); an en dash for
 * what no calendar holds.
 */
export function dateText(days: number, precision: "day" | "minute" | "second" = "second"): string {
  const date = new Date(Math.round(days * 86_400) * 1000);
  if (Number.isNaN(date.getTime())) return "–";
  const [day, time] = date.toISOString().split("T");
  if (precision === "day" || time.startsWith("00:00:00")) return day;
  return `${day} ${time.slice(0, precision === "minute" ? 5 : 8)}`;
}
