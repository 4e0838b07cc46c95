import { ExpressionError } from "./expressionError";

export interface Token {
  readonly kind: "number" | "name" | "symbol" | "end";
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of a number. */
  readonly value: number;
}

const space = /\s+/uy;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const word = /[\p{L}_][\p{L}\p{M}\p{Nd}_]*/uy;
const symbols = "+-*/^(),";

/** What people write from habit, and what it is here. */
const otherSymbols: Readonly<Record<string, string>> = {
  "−": "-",
  "–": "-",
  "·": "*",
  "×": "*",
  "⋅": "*",
  "÷": "/",
  "²": "^2",
  "³": "^3",
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
};

/** The words of an expression, the last one its end. Throws an ExpressionError at a character that is none. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const matched = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const add = (kind: Token["kind"], written: string, value = NaN): void => {
    tokens.push({ kind, text: written, start: at, end: at + written.length, value });
    at += written.length;
  };
  while (at < text.length) {
    const blank = matched(space);
    if (blank !== null) {
      at += blank.length;
      continue;
    }
    const digits = matched(number);
    if (digits !== null) {
      const value = Number(digits);
      if (!Number.isFinite(value)) {
        throw new ExpressionError(`The number ${brief(digits)} is too large.`, at, at + digits.length);
      }
      add("number", digits, value);
      continue;
    }
    const name = matched(word);
    if (name !== null) add("name", name);
    else if (symbols.includes(text[at])) {
      if (text.startsWith("**", at)) {
        throw new ExpressionError("A power is written with ^, not with **.", at, at + 2, "^");
      }
      add("symbol", text[at]);
    } else throw unknownCharacter(text, at);
  }
  add("end", "");
  return tokens;
}

function unknownCharacter(text: string, at: number): ExpressionError {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const end = at + character.length;
  if (Object.hasOwn(otherSymbols, character)) {
    const meant = otherSymbols[character];
    return new ExpressionError(`Write ${meant} for ${character}.`, at, end, meant);
  }
  const message = `The character ${JSON.stringify(character)} has no meaning in an expression; remove it.`;
  return new ExpressionError(message, at, end);
}

/** Not too long for a message. */
export function brief(text: string): string {
  return text.length > 30 ? `${text.slice(0, 27)}…` : text;
}
