/**
 * The expression language: + − * / ^ with the usual precedence (unary minus binds looser than ^, which groups from
 * the right), parentheses, the functions and constants of `operations.ts`; every other name is a variable. A text
 * becomes a tape of operations straight away, without a tree between, so that no depth of nesting overflows a stack.
 */
import { distance } from "fastest-levenshtein";
import { ExpressionError } from "./expressionError";
import { constants, functionOps, Op, synonyms } from "./operations";
import { TapeBuilder, type Tape } from "./tape";
import { brief, tokenize, type Token } from "./tokens";

const LONGEST = 10_000;
const DEEPEST = 200;
const MOST_VARIABLES = 200;

/**
 * Reads an expression. Throws an ExpressionError, and nothing else, whatever the text.
 *
 * @param known the variables that there are; absent, every unknown name is a variable
 */
export function parseExpression(text: string, known?: readonly string[]): Tape {
  if (text.length > LONGEST) {
    const message = `The expression has ${text.length} characters, but may have at most ${LONGEST}.`;
    throw new ExpressionError(message, 0, text.length);
  }
  return new Parser(text, tokenize(text), known).parse();
}

/** Why a name cannot be a variable's, or null where it can. */
export function variableNameFault(name: string): string | null {
  if (Object.hasOwn(functionOps, name)) return `"${name}" is a function and cannot be a variable.`;
  if (Object.hasOwn(constants, name)) return `"${name}" is a constant and cannot be a variable.`;
  if (/^[\p{L}_][\p{L}\p{M}\p{Nd}_]*$/u.test(name)) return null;
  return `${JSON.stringify(brief(name))} is not a variable's name, which is a letter followed by letters, digits or _.`;
}

class Parser {
  private readonly builder: TapeBuilder;
  private at = 0;
  private depth = 0;
  /** The parentheses that are open. */
  private readonly open: Token[] = [];

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
    private readonly known: readonly string[] | undefined,
  ) {
    this.builder = new TapeBuilder(text);
  }

  parse(): Tape {
    if (this.next.kind === "end") {
      const message = "The expression is empty; write a function such as x^2 + y^2.";
      throw new ExpressionError(message, 0, this.text.length);
    }
    const result = this.sum();
    // Read anew: the compiler does not see that sum() has moved on.
    if (this.tokens[this.at].kind !== "end") throw this.unexpected();
    return this.builder.finish(result, this.known);
  }

  private get next(): Token {
    return this.tokens[this.at];
  }

  private take(symbol: string): boolean {
    if (this.next.kind !== "symbol" || this.next.text !== symbol) return false;
    this.at++;
    return true;
  }

  /** Each of the following returns the register of its result. */
  private sum(): number {
    const { start } = this.next;
    let left = this.product();
    for (;;) {
      const op = this.take("+") ? Op.Add : this.take("-") ? Op.Subtract : null;
      if (op === null) return left;
      left = this.binary(op, left, this.product(), start);
    }
  }

  private product(): number {
    const { start } = this.next;
    let left = this.signed();
    for (;;) {
      const op = this.take("*") ? Op.Multiply : this.take("/") ? Op.Divide : null;
      if (op === null) return left;
      left = this.binary(op, left, this.signed(), start);
    }
  }

  private signed(): number {
    const sign = this.next;
    if (this.take("+")) return this.deeper(() => this.signed());
    if (!this.take("-")) return this.raised();
    const operand = this.deeper(() => this.signed());
    return this.builder.operation(Op.Negate, operand, operand, sign.start, this.lastEnd);
  }

  private raised(): number {
    const { start } = this.next;
    const base = this.atom();
    if (!this.take("^")) return base;
    const exponent = this.deeper(() => this.signed());
    return this.binary(Op.Power, base, exponent, start);
  }

  private atom(): number {
    const token = this.next;
    if (token.kind === "number") {
      this.at++;
      return this.builder.constant(token.value);
    }
    if (token.kind === "name") {
      this.at++;
      return this.named(token);
    }
    if (token.text === "(") {
      this.at++;
      return this.inParentheses(token, () => this.sum());
    }
    throw this.missingOperand();
  }

  private named(token: Token): number {
    const { text, start, end } = token;
    const called = this.next.text === "(";
    if (Object.hasOwn(functionOps, text)) {
      if (called) return this.call(token);
      const argument = this.next.kind === "name" || this.next.kind === "number" ? this.next.text : "x";
      const message = `The function ${text} needs its argument in parentheses: ${text}(${brief(argument)}).`;
      throw new ExpressionError(message, start, end);
    }
    if (called) throw this.noSuchFunction(token);
    if (Object.hasOwn(constants, text)) return this.builder.constant(constants[text]);
    if (this.known && !this.known.includes(text)) throw this.unknownName(token, this.known);
    const variable = this.builder.variable(text);
    if (this.builder.variableCount > MOST_VARIABLES) {
      const message = `The expression has more than ${MOST_VARIABLES} variables, which is more than can be minimised here.`;
      throw new ExpressionError(message, start, end);
    }
    return variable;
  }

  private call(name: Token): number {
    const op = functionOps[name.text];
    const several = op === Op.Min || op === Op.Max;
    const opening = this.next;
    this.at++;
    return this.inParentheses(opening, () => {
      if (this.next.text === ")") {
        const needs = several ? "at least two arguments" : "an argument";
        throw new ExpressionError(`${name.text} needs ${needs}.`, name.start, this.next.end);
      }
      const values = [this.sum()];
      while (this.take(",")) values.push(this.sum());
      if (this.next.text === ")" && several !== values.length > 1) {
        const takes = several ? "at least two arguments" : "one argument";
        const comma = several ? "" : "; a decimal point is written with .";
        const message = `${name.text} takes ${takes}, not ${values.length}${comma}.`;
        throw new ExpressionError(message, name.start, this.next.end);
      }
      const end = this.next.end;
      if (!several) return this.builder.operation(op, values[0], values[0], name.start, end);
      return values.reduce((left, right) => this.builder.operation(op, left, right, name.start, end));
    });
  }

  private inParentheses(opening: Token, inner: () => number): number {
    this.open.push(opening);
    const value = this.deeper(inner);
    if (!this.take(")")) {
      if (this.next.kind !== "end") throw this.unexpected();
      throw new ExpressionError('This "(" is never closed; add a ")".', opening.start, opening.end);
    }
    this.open.pop();
    return value;
  }

  private deeper(inner: () => number): number {
    if (++this.depth > DEEPEST) {
      const { start, end } = this.next;
      throw new ExpressionError("The expression is nested too deeply.", start, end);
    }
    const value = inner();
    this.depth--;
    return value;
  }

  private binary(op: Op, left: number, right: number, start: number): number {
    return this.builder.operation(op, left, right, start, this.lastEnd);
  }

  /** Where the last word that was read ends. */
  private get lastEnd(): number {
    return this.tokens[this.at - 1].end;
  }

  // What is wrong, in words.

  private missingOperand(): ExpressionError {
    const token = this.next;
    const before = this.tokens[this.at - 1] as Token | undefined;
    if (token.text === ")" && before?.text === "(") {
      return new ExpressionError("These parentheses are empty.", before.start, token.end);
    }
    if (token.text === ")" && this.open.length === 0) return this.unexpected();
    if (before === undefined || before.text === "(") return this.missing(token, `before ${quoted(token)}`);
    if (token.kind === "end" || token.text === ")" || token.text === ",") {
      return this.missing(token, `after ${quoted(before)}`);
    }
    return this.missing(token, `between ${quoted(before)} and ${quoted(token)}`);
  }

  private missing({ start, end }: Token, where: string): ExpressionError {
    return new ExpressionError(`A number, a variable or a "(" is missing ${where}.`, start, end);
  }

  /** A word that cannot follow what was read, which is complete. */
  private unexpected(): ExpressionError {
    const token = this.next;
    const { start, end, text } = token;
    if (text === ")") {
      return new ExpressionError('This ")" closes nothing; remove it or add a "(" before it.', start, end);
    }
    if (text === ",") {
      const message = "A comma separates arguments only; a decimal point is written with a full stop.";
      return new ExpressionError(message, start, end);
    }
    const before = this.tokens[this.at - 1];
    const left = before.text === ")" ? "(…)" : brief(before.text);
    const right = text === "(" ? "(…)" : brief(text);
    const message = `An operator is missing between ${quoted(before)} and ${quoted(token)}: for a product write ${left}*${right}.`;
    return new ExpressionError(message, start, end, `*${text}`);
  }

  private noSuchFunction({ text, start, end }: Token): ExpressionError {
    const meant = nearest(text, Object.keys(functionOps));
    if (meant !== null && text.length > 1) {
      const message = `There is no function ${quoted({ text })}: did you mean "${meant}"?`;
      return new ExpressionError(message, start, end, meant);
    }
    const list = Object.keys(functionOps).join(", ");
    const message = `There is no function ${quoted({ text })}; for a product write ${brief(text)}*(…), and the functions are ${list}.`;
    return new ExpressionError(message, start, end);
  }

  private unknownName({ text, start, end }: Token, known: readonly string[]): ExpressionError {
    const meant = nearest(text, [...known, ...Object.keys(constants)]);
    if (meant !== null) {
      const message = `There is no variable ${quoted({ text })}: did you mean "${meant}"?`;
      return new ExpressionError(message, start, end, meant);
    }
    const list =
      known.length === 1
        ? `the only one is ${known[0]}`
        : `there are ${known.slice(0, -1).slice(0, 8).join(", ")} and ${known[known.length - 1]}`;
    return new ExpressionError(`There is no variable ${quoted({ text })}; ${list}.`, start, end);
  }
}

function quoted({ text }: Pick<Token, "text">): string {
  return `"${brief(text)}"`;
}

/** The name that a mistyped one stands for, or null where none is near. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  const lower = name.toLowerCase();
  const same =
    candidates.find((candidate) => candidate.toLowerCase() === lower) ??
    (Object.hasOwn(synonyms, lower)
      ? candidates.find((candidate) => candidate === synonyms[lower])
      : undefined);
  if (same !== undefined) return same;
  // Of one letter every other letter is near.
  if (name.length < 2 || name.length > 30) return null;
  const near = candidates
    .map((candidate) => ({ candidate, different: distance(lower, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, different }) =>
        different <= Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3)) &&
        different < candidate.length,
    )
    .sort((a, b) => a.different - b.different);
  return near.length > 0 ? near[0].candidate : null;
}
