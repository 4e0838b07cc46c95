/** 1 → "1 byte", 3975 → "4.0 kB", 25,000,000 → "25 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} byte${bytes === 1 ? "" : "s"}`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit]}`;
}
