/** Dates as they stand in files, and the days since 1970-01-01T00:00Z that they are. */

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthNames = "january february march april may june july august september october november december";
const spelt = [...monthNames.split(" "), "sept", ...months];
const month = `(?<month>${spelt.join("|")})\\.?`;
const time =
  "(?:[T ,]\\s*(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2}(?:[.,]\\d+)?))?(?:\\s*(?<half>[AP])M)?\\s*(?<zone>Z|UTC|[+-]\\d{2}:?\\d{2})?)?";
const forms = [
  `(?<year>\\d{4})[-/.](?<monthNumber>\\d{1,2})[-/.](?<day>\\d{1,2})${time}`,
  `(?<first>\\d{1,2})(?<separator>[-/.])(?<second_>\\d{1,2})[-/.](?<year>\\d{4}|\\d{2})${time}`,
  `(?<day>\\d{1,2})(?:[ -]|\\. ?)${month}[ -](?<year>\\d{4}|\\d{2})${time}`,
  `${month} (?<day>\\d{1,2}),? (?<year>\\d{4})${time}`,
  `(?<year>\\d{4})-(?<monthNumber>\\d{2})`,
  `${month} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`, "i"));

type Parts = Readonly<Record<string, string | undefined>>;

function partsOf(text: string): Parts | null {
  if (text.length < 6 || text.length > 40) return null;
  for (const form of forms) {
    const match = form.exec(text);
    if (match?.groups) return match.groups;
  }
  return null;
}

/** How a column writes its dates: what the texts alone leave open. */
export interface DateStyle {
  /** 3/4/2021 is the third of April. */
  readonly dayFirst: boolean;
  /** No date tells whether day or month comes first, so that the separator decided. */
  readonly guessed: boolean;
}

/**
 * How dates are written that all keep to one order of day and month, or null when one of the texts is no date.
 * Where no date tells the order, day/month/year with slashes is read with the month first, as in the United
 * States, and anything else with the day first.
 */
export function dateStyleOf(texts: readonly string[]): DateStyle | null {
  if (texts.length === 0) return null;
  let [dayFirst, monthFirst, ordered] = [true, true, true];
  let separator = "";
  for (const text of texts) {
    const parts = partsOf(text);
    if (parts === null) return null;
    if (parts.first === undefined || parts.second_ === undefined) continue;
    ordered = false;
    separator = parts.separator ?? "";
    if (Number(parts.first) > 12) monthFirst = false;
    if (Number(parts.second_) > 12) dayFirst = false;
    if (!dayFirst && !monthFirst) return null;
  }
  const guessed = !ordered && dayFirst && monthFirst;
  const style = { dayFirst: guessed ? separator !== "/" : dayFirst, guessed };
  return texts.some((text) => Number.isNaN(parseDate(text, style))) ? null : style;
}

/** Days since 1970-01-01T00:00Z, or NaN when the text is no date of the calendar. Without a zone, times are UTC. */
export function parseDate(text: string, { dayFirst }: Pick<DateStyle, "dayFirst">): number {
  const parts = partsOf(text);
  if (parts === null) return NaN;
  const year = fullYear(parts.year ?? "");
  let monthNumber = Number(parts.monthNumber ?? 0);
  let day = Number(parts.day ?? 1);
  if (parts.month !== undefined) monthNumber = 1 + months.indexOf(parts.month.slice(0, 3).toLowerCase());
  if (parts.first !== undefined) {
    const [first, second] = [Number(parts.first), Number(parts.second_)];
    [day, monthNumber] = dayFirst ? [first, second] : [second, first];
  }
  if (monthNumber < 1 || monthNumber > 12 || day < 1 || day > daysInMonth(year, monthNumber)) return NaN;
  return dayNumber(year, monthNumber, day) + timeOfDay(parts);
}

/** The fraction of a day, NaN for an hour that no clock shows. */
function timeOfDay({ hour, minute, second, half, zone }: Parts): number {
  if (hour === undefined) return 0;
  let hours = Number(hour);
  const minutes = Number(minute);
  const seconds = Number((second ?? "0").replace(",", "."));
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return NaN;
    hours = (hours % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  }
  // 24:00 ends a day; 60 seconds are a leap second.
  if (hours > 24 || minutes > 59 || seconds > 60) return NaN;
  return (hours * 3600 + (minutes - zoneMinutes(zone)) * 60 + seconds) / 86_400;
}

function zoneMinutes(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? "");
  if (match === null) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** Years of two digits are those from 1969 to 2068, as POSIX has it. */
function fullYear(year: string): number {
  const value = Number(year);
  return year.length > 2 ? value : value + (value < 69 ? 2000 : 1900);
}

function daysInMonth(year: number, monthNumber: number): number {
  if (monthNumber === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(monthNumber) ? 30 : 31;
}

/** Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March (Hinnant 2013). */
function dayNumber(year: number, monthNumber: number, day: number): number {
  const y = monthNumber <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((monthNumber + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
