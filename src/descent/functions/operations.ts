/** What an expression is made of: the operations, what each computes, and when it has no value. */
import { exp, integerPower, log, tanh } from "../../engine/elementary";
import { cos, sin, tan } from "./trigonometry";

/** Plain numbers, so that they can lie in a typed array. */
export const Op = {
  Add: 0,
  Subtract: 1,
  Multiply: 2,
  Divide: 3,
  Power: 4,
  Min: 5,
  Max: 6,
  /** Of one operand from here on. */
  Negate: 7,
  Square: 8,
  Sin: 9,
  Cos: 10,
  Tan: 11,
  Exp: 12,
  Log: 13,
  Sqrt: 14,
  Abs: 15,
  Tanh: 16,
} as const;

export type Op = (typeof Op)[keyof typeof Op];

/** The functions that an expression may call, by name. min and max take two or more arguments, the others one. */
export const functionOps: Readonly<Record<string, Op>> = {
  sin: Op.Sin,
  cos: Op.Cos,
  tan: Op.Tan,
  exp: Op.Exp,
  log: Op.Log,
  sqrt: Op.Sqrt,
  abs: Op.Abs,
  tanh: Op.Tanh,
  min: Op.Min,
  max: Op.Max,
};

export const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

/** Other names that people type. */
export const synonyms: Readonly<Record<string, string>> = {
  ln: "log",
  arctan: "tan",
  sen: "sin",
  absolute: "abs",
  fabs: "abs",
  root: "sqrt",
  minimum: "min",
  maximum: "max",
  π: "pi",
};

/** @param y the second operand; anything where there is none */
export function apply(op: Op, x: number, y: number): number {
  switch (op) {
    case Op.Add:
      return x + y;
    case Op.Subtract:
      return x - y;
    case Op.Multiply:
      return x * y;
    case Op.Divide:
      return x / y;
    case Op.Power:
      return power(x, y);
    case Op.Min:
      return Math.min(x, y);
    case Op.Max:
      return Math.max(x, y);
    case Op.Negate:
      return -x;
    case Op.Square:
      return x * x;
    case Op.Sin:
      return sin(x);
    case Op.Cos:
      return cos(x);
    case Op.Tan:
      return tan(x);
    case Op.Exp:
      return exp(x);
    case Op.Log:
      return log(x);
    case Op.Sqrt:
      return Math.sqrt(x);
    case Op.Abs:
      return Math.abs(x);
    case Op.Tanh:
      return tanh(x);
  }
}

/** Up to this size, a whole exponent means multiplications. */
const LARGEST_WHOLE_EXPONENT = 1024;

/**
 * x^y: by multiplications for whole exponents, also of negative numbers, else e^(y log x), which is NaN for them. Not
 * `Math.pow`, whose last bits differ between versions of V8.
 */
export function power(x: number, y: number): number {
  if (Number.isInteger(y) && Math.abs(y) <= LARGEST_WHOLE_EXPONENT) {
    return y < 0 ? 1 / integerPower(x, -y) : integerPower(x, y);
  }
  if (y === 0.5) return Math.sqrt(x);
  if (x === 0) return y > 0 ? 0 : y < 0 ? Infinity : NaN;
  return exp(y * log(x));
}

/**
 * Why an operation on finite numbers gave none, as the end of "…, where": "log(x) is the logarithm of −1".
 *
 * @param source the operation as written
 */
export function faultOf(op: Op, source: string, x: number, y: number): string {
  const number = (value: number): string => String(Number(value.toPrecision(4))).replace("-", "−");
  if (op === Op.Log) {
    return x < 0
      ? `${source} is the logarithm of a negative number (${number(x)})`
      : `${source} is the logarithm of 0`;
  }
  if (op === Op.Sqrt) return `${source} is the square root of a negative number (${number(x)})`;
  if (op === Op.Divide && y === 0) return `${source} is a division by 0`;
  if (op === Op.Power && x < 0 && !Number.isInteger(y)) {
    return `${source} is a negative number (${number(x)}) to a power that is not whole (${number(y)})`;
  }
  if (op === Op.Power && x === 0) return `${source} is 0 to a negative power`;
  return `${source} is too large for a number`;
}
