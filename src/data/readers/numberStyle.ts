import { parseNumber } from "./cells";

/** A way of writing numbers that a whole column keeps to: thousands separators, decimal commas, units. */
export interface NumberStyle {
  /** The number that a trimmed cell holds, or NaN when it is not written in this style. */
  parse(cell: string): number;
  /** It is how everybody writes numbers, and nothing to tell the user. */
  readonly plain: boolean;
  /** The decimal point; null where no cell has a point or a comma. */
  readonly point: "." | "," | null;
  /** The same cells with the other decimal point, where they are other numbers then. */
  readonly other: NumberStyle | null;
}

const currency = "[$€£¥₹]|(?:USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK)(?![a-zA-Z])";
const currencyBefore = new RegExp(`^([+-]?)(${currency})\\s?`);
const currencyAfter = new RegExp(`\\s?(${currency})$`);
const percentAfter = /\s?(%)$/;

/** What stands beside the digits: a sign of currency before or after them, or a percent sign. */
interface Unit {
  readonly symbol: string;
  /** The cell without its unit, or null when it has another one or none. */
  strip(cell: string): string | null;
}

function unitOf(cell: string): Unit | null {
  const before = currencyBefore.exec(cell);
  if (before !== null) {
    const symbol = before[2];
    return {
      symbol,
      strip: (other) => {
        const match = currencyBefore.exec(other);
        return match?.[2] === symbol ? match[1] + other.slice(match[0].length) : null;
      },
    };
  }
  const pattern = percentAfter.test(cell) ? percentAfter : currencyAfter;
  const symbol = pattern.exec(cell)?.[1];
  if (symbol === undefined) return null;
  return {
    symbol,
    strip: (other) => {
      const match = pattern.exec(other);
      return match?.[1] === symbol ? other.slice(0, match.index) : null;
    },
  };
}

interface Digits {
  /** Between groups of three digits. */
  readonly group: "" | "," | "." | " " | "'";
  readonly point: "." | ",";
}

const groupClass = { ",": ",", ".": "\\.", " ": "[ \\u00a0\\u202f]", "'": "['’]" };

/** Reads digits written in one way; what is not written so is NaN. */
function digitReader({ group, point }: Digits): (text: string) => number {
  if (group === "" && point === ".") return (text) => (text === "" ? NaN : parseNumber(text));
  const decimals = point === "." ? "(?:\\.\\d*)?" : "(?:,\\d*)?";
  if (group === "") {
    const pattern = /^[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?$/;
    return (text) => (pattern.test(text) ? Number(text.replace(",", ".")) : NaN);
  }
  // Four digits without a separator would say that there are no groups.
  const separator = groupClass[group];
  const pattern = new RegExp(`^[+-]?(?:[1-9]\\d{0,2}(?:${separator}\\d{3})+|\\d{1,3})${decimals}$`);
  const separators = new RegExp(separator, "g");
  return (text) => (pattern.test(text) ? Number(text.replace(separators, "").replace(",", ".")) : NaN);
}

/** The likelier first. */
const usual: readonly Digits[] = [
  { group: "", point: "." },
  { group: ",", point: "." },
  { group: "", point: "," },
  { group: "'", point: "." },
  { group: " ", point: "." },
  { group: " ", point: "," },
];
/** Where the separator of the file is a semicolon, a comma is the decimal point. */
const withDecimalComma: readonly Digits[] = [
  { group: "", point: "." },
  { group: "", point: "," },
  { group: ".", point: "," },
  { group: "'", point: "." },
  { group: " ", point: "," },
  { group: ",", point: "." },
];

/** What a single kind of separator may be: between thousands, or the decimal point. */
const ambiguous: readonly Digits[] = [
  { group: "", point: "." },
  { group: "", point: "," },
  { group: ".", point: "," },
  { group: ",", point: "." },
];

/** Both ways read all of the texts, and not as the same numbers. */
function differs(
  bodies: readonly string[],
  one: (text: string) => number,
  other: (text: string) => number,
): boolean {
  return (
    bodies.every((body) => !Number.isNaN(other(body))) && bodies.some((body) => one(body) !== other(body))
  );
}

/** Commas that could all separate thousands are no proof of decimal commas: "1,234" beside "12345" is neither. */
function isDoubtful({ group, point }: Digits, bodies: readonly string[]): boolean {
  if (group !== "" || point !== ",") return false;
  return bodies.every((body) => !body.includes(",") || /^[+-]?[1-9]\d{0,2},\d{3}$/.test(body));
}

/**
 * The style in which every one of the cells is a number, or null where there is none. "1,234" alone is read
 * with thousands in groups, unless commas are decimal points in this file.
 *
 * @param cells trimmed, distinct
 */
export function numberStyleOf(cells: readonly string[], decimalComma: boolean): NumberStyle | null {
  if (cells.length === 0) return null;
  const unit = unitOf(cells[0]);
  const strip = (cell: string): string => (unit === null ? cell : (unit.strip(cell) ?? ""));
  const bodies = cells.map(strip);
  for (const digits of decimalComma ? withDecimalComma : usual) {
    const read = digitReader(digits);
    if (bodies.some((body) => Number.isNaN(read(body)))) continue;
    if (!decimalComma && isDoubtful(digits, bodies)) continue;
    const style = (way: Digits, other: NumberStyle | null): NumberStyle => {
      const readBody = digitReader(way);
      return {
        plain: unit === null && way.group === "" && way.point === ".",
        point: bodies.some((body) => /[.,]/.test(body)) ? way.point : null,
        other,
        parse: (cell) => readBody(strip(cell)),
      };
    };
    const other = ambiguous.find(
      (way) => way.point !== digits.point && differs(bodies, read, digitReader(way)),
    );
    return style(digits, other ? style(other, style(digits, null)) : null);
  }
  return null;
}
