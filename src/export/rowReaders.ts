/**
 * How an exported model reads the texts of raw rows: numbers and dates as Downhill reads them in data files, in doubt in the
 * style of the file of the training rows. The same in JavaScript and in Python; tests hold both against the reader of files.
 */

const currencies = "USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK";
const unitBefore = `^([+-]?)(?:[$€£¥₹]|(?:${currencies})(?![a-zA-Z]))\\s?`;
const unitAfter = `\\s?(?:[%$€£¥₹]|${currencies})$`;

type Way = [pattern: string, group: string];

/** Digits in groups of three. */
function grouped(group: string, point: string): Way {
  return [`^[+-]?(?:[1-9]\\d{0,2}(?:${group}\\d{3})+|\\d{1,3})(?:${point}\\d*)?$`, group];
}
const spaces = "[ \\u00a0\\u202f]";
const plain: Way = ["^[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?$", ""];
const plainComma: Way = ["^[+-]?(?:\\d+(?:,\\d*)?|,\\d+)(?:[eE][+-]?\\d+)?$", ""];

/** Ways of writing numbers, the likelier first: with the decimal point, then with the decimal comma, and the other way round. */
const withPoint = [plain, grouped(",", "\\."), grouped("['’]", "\\."), grouped(spaces, "\\.")];
const withComma = [plainComma, grouped("\\.", ","), grouped("['’]", ","), grouped(spaces, ",")];

const monthNames = "january february march april may june july august september october november december";
const names = monthNames.split(" ");
const month = `(?<month>${[...names, "sept", ...names.map((name) => name.slice(0, 3))].join("|")})\\.?`;
const time =
  "(?:[T ,]\\s*(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2}(?:[.,]\\d+)?))?(?:\\s*(?<half>[AP])M)?\\s*(?<zone>Z|UTC|[+-]\\d{2}:?\\d{2})?)?";
const dateForms = [
  `(?<year>\\d{4})[-/.](?<number>\\d{1,2})[-/.](?<day>\\d{1,2})${time}`,
  `(?<one>\\d{1,2})(?<mark>[-/.])(?<two>\\d{1,2})[-/.](?<year>\\d{4}|\\d{2})${time}`,
  `(?<day>\\d{1,2})(?:[ -]|\\. ?)${month}[ -](?<year>\\d{4}|\\d{2})${time}`,
  `${month} (?<day>\\d{1,2}),? (?<year>\\d{4})${time}`,
  "(?<year>\\d{4})-(?<number>\\d{2})",
  `${month} (?<year>\\d{4})`,
].map((form) => `^${form}$`);

const literals = (patterns: readonly string[], flags = ""): string =>
  patterns.map((pattern) => `/${pattern.replaceAll("/", "\\/")}/${flags}`).join(", ");
const wayLiterals = (ways: readonly Way[]): string =>
  ways
    .map(([pattern, group]) => `  { pattern: ${literals([pattern])}, group: /${group || "(?!)"}/g },\n`)
    .join("");

export const javascriptNumberOf = String.raw`/** Ways of writing numbers, with a decimal point and with a decimal comma: what separates groups of digits. */
const withPoint = [
${wayLiterals(withPoint)}];
const withComma = [
${wayLiterals(withComma)}];

/**
 * A number, or a text as it stands in a data file: 1234.5, "1,234.50", "1.234,50 €", "12 %" (which is 12).
 *
 * @param {unknown} value
 * @param {string} column
 * @param {string} [written] how the file of the training rows wrote the column, which decides in doubt
 */
function numberOf(value, column, written) {
  if (typeof value === "number") return value;
  const text = String(value).trim().replace(/${unitBefore}/, "$1").replace(/${unitAfter}/, "");
  const ways = written === "decimalComma" ? [...withComma, ...withPoint] : [...withPoint, ...withComma];
  const way = ways.find(({ pattern }) => pattern.test(text));
  if (!way) throw new TypeError(${"`"}"${"${column}"}" needs a number, not "${"${String(value)}"}".${"`"});
  return Number(text.replace(way.group, "").replace(",", "."));
}`;

export const javascriptDayOf = String.raw`/** Forms of dates, with or without a time. */
const dateForms = [
${dateForms.map((form) => `  ${literals([form], "i")},\n`).join("")}];

/**
 * Days since 1970-01-01 of a Date, or of a text as it stands in a data file; without a zone, times are UTC.
 *
 * @param {unknown} value
 * @param {string} column
 * @param {string} [written] whether the file of the training rows wrote the day or the month first
 * @returns {number}
 */
function dayOf(value, column, written) {
  if (typeof value === "number") return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.getTime() / 86400000;
  for (const form of dateForms) {
    const parts = form.exec(String(value).trim())?.groups;
    if (!parts) continue;
    const dayFirst = written ? written === "dayFirst" : parts.mark !== "/";
    const named = parts.month && 1 + "janfebmaraprmayjunjulaugsepoctnovdec".indexOf(parts.month.slice(0, 3).toLowerCase()) / 3;
    const either = [[parts.one, parts.two], [parts.two, parts.one]];
    const orders = parts.one ? (dayFirst ? either : either.reverse()) : [[parts.day ?? 1, named ?? parts.number]];
    for (const [day, month] of orders) {
      const days = daysOf(parts, Number(day), Number(month));
      if (!Number.isNaN(days)) return days;
    }
  }
  throw new TypeError(${"`"}"${"${column}"}" needs a date such as 2026-01-31, not "${"${String(value)}"}".${"`"});
}

/**
 * @param {Record<string, string | undefined>} parts
 * @param {number} day
 * @param {number} month
 */
function daysOf({ year = "", hour, minute, second = "0", half, zone = "" }, day, month) {
  const date = new Date(0);
  const short = year.length === 2 ? (Number(year) < 69 ? 2000 : 1900) : 0;
  date.setUTCFullYear(short + Number(year), month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const [, sign, zoneHours = 0, zoneMinutes = 0] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const offset = (sign === "-" ? -60 : 60) * (60 * Number(zoneHours) + Number(zoneMinutes));
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0) : Number(hour ?? 0);
  if (hours > 24 || Number(minute ?? 0) > 59) return NaN;
  const seconds = 3600 * hours + 60 * Number(minute ?? 0) + Number(second.replace(",", "."));
  return date.getTime() / 86400000 + (seconds - offset) / 86400;
}`;

const pythonPattern = (pattern: string): string =>
  `r"${pattern.replaceAll("(?<", "(?P<").replaceAll("(?P<!", "(?<!")}"`;
const pythonWays = (ways: readonly Way[]): string =>
  ways
    .map(([pattern, group]) => `    (${pythonPattern(pattern)}, ${pythonPattern(group || "(?!)")}),\n`)
    .join("");

export const pythonReaders = String.raw`# Ways of writing numbers: their pattern, and what separates groups of digits.
WITH_POINT = [
${pythonWays(withPoint)}]
WITH_COMMA = [
${pythonWays(withComma)}]


def number_of(value, column, written=None):
    """A number, or a text as it stands in a data file: 1234.5, "1,234.50", "1.234,50 €", "12 %" (which is 12)."""
    if not isinstance(value, str):
        return float(value)
    text = re.sub(${pythonPattern(unitAfter)}, "", re.sub(${pythonPattern(unitBefore)}, r"\1", value.strip()))
    ways = WITH_COMMA + WITH_POINT if written == "decimalComma" else WITH_POINT + WITH_COMMA
    for pattern, group in ways:
        if re.match(pattern, text, re.ASCII):
            return float(re.sub(group, "", text).replace(",", "."))
    raise ValueError(f"{column!r} needs a number, not {value!r}.")


DATE_FORMS = [
${dateForms.map((form) => `    ${pythonPattern(form)},\n`).join("")}]


def day_of(value, column, written=None):
    """Days since 1970-01-01; without a zone, times are UTC."""
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).timestamp() / 86400
    if isinstance(value, date):
        return float(value.toordinal() - 719163)
    for form in DATE_FORMS:
        match = re.match(form, str(value).strip(), re.ASCII | re.IGNORECASE)
        if not match:
            continue
        parts = match.groupdict()
        if parts.get("one"):
            orders = [(parts["one"], parts["two"]), (parts["two"], parts["one"])]
            if not (written == "dayFirst" if written else parts["mark"] != "/"):
                orders.reverse()
        elif parts.get("month"):
            orders = [(parts.get("day") or 1, 1 + "janfebmaraprmayjunjulaugsepoctnovdec".index(parts["month"][:3].lower()) // 3)]
        else:
            orders = [(parts.get("day") or 1, parts["number"])]
        for day, month in orders:
            days = days_of(parts, int(day), int(month))
            if days is not None:
                return days
    raise ValueError(f"{column!r} needs a date such as 2026-01-31, not {value!r}.")


def days_of(parts, day, month):
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 69 else 1900
    try:
        days = date(year, month, day).toordinal() - 719163
    except ValueError:
        return None
    hour, minute = int(parts.get("hour") or 0), int(parts.get("minute") or 0)
    if parts.get("half"):
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    if hour > 24 or minute > 59:
        return None
    second = float((parts.get("second") or "0").replace(",", "."))
    zone = re.match(r"([+-])(\d{2}):?(\d{2})$", parts.get("zone") or "")
    offset = (60 * int(zone[2]) + int(zone[3])) * (-60 if zone[1] == "-" else 60) if zone else 0
    return days + (3600 * hour + 60 * minute + second - offset) / 86400`;
