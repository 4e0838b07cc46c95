// The package's main entry is UMD, whose inner requires a bundler does not see.
import { parseTree, printParseErrorCode } from "jsonc-parser/lib/esm/main.js";
import type { Node, ParseError } from "jsonc-parser/lib/esm/main.js";
import type { Problem } from "../problem";
import { duplicateKeys, maximumDepth, onePerLine, quote, wordRange } from "./textTree";
import type { ParsedText, TextEntry, TextNode } from "./textTree";

/** Reads JSON with comments and trailing commas. What is broken is reported, what is left is returned. */
export function parseJson(text: string): ParsedText {
  // A byte order mark is no JSON, but common at the start of files from Windows.
  const content = text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text;
  const errors: ParseError[] = [];
  const tree = parseTree(content, errors, { allowTrailingComma: true });
  if (!tree && errors.length <= 1 && isBlank(content)) return { root: null, problems: [] };

  const problems: Problem[] = onePerLine(
    content,
    significantErrors(content, errors).map((error) => syntaxProblem(content, error)),
  );
  const broken = new Set(errors.map(({ offset }) => offset));
  const root = tree
    ? toNode(content, tree, broken, [], problems)
    : ({ kind: "broken", start: 0, end: content.length } as const);
  return { root, problems };
}

/** Whether there is nothing but space and comments, all of them closed: an open one would make the search long. */
function isBlank(text: string): boolean {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").trim() === "";
}

/**
 * Leaves out errors that only follow from an earlier one: those with nothing but space or punctuation between, and
 * those by which the parser finds its way back after a key that it could not read.
 */
function significantErrors(text: string, errors: readonly ParseError[]): ParseError[] {
  let end = -1;
  let seekingNextKey = false;
  return errors.filter(({ error, offset, length }, i) => {
    const name = printParseErrorCode(error);
    const follows = end >= 0 && name !== "InvalidSymbol" && /^[\s,:}\]]*$/.test(text.slice(end, offset));
    end = Math.max(end, offset + length);
    if (name === "ValueExpected" && seekingNextKey) {
      seekingNextKey = false;
      return false;
    }
    if (name === "PropertyNameExpected" && follows) seekingNextKey = true;
    return !follows && !(name === "EndOfFileExpected" && i > 0);
  });
}

const sentences: Record<string, string> = {
  InvalidNumberFormat: "This is not a number that JSON knows.",
  UnexpectedEndOfNumber: "This number is not complete.",
  PropertyNameExpected: "A key in double quotes is expected here.",
  ValueExpected: "A value is missing here.",
  ColonExpected: "A colon is missing between the key and its value.",
  CommaExpected: "A comma is missing before this.",
  CloseBraceExpected: 'A closing brace "}" is missing.',
  CloseBracketExpected: 'A closing bracket "]" is missing.',
  EndOfFileExpected: "The run config has ended before this; remove what follows.",
  InvalidCommentToken: "This comment is not written as JSON knows it; use // or /* */.",
  UnexpectedEndOfComment: "This comment does not end; close it with */.",
  UnexpectedEndOfString: 'This text has no closing quote (").',
  InvalidUnicode: "A \\u in this text must be followed by four hexadecimal digits.",
  InvalidEscapeCharacter:
    "This text has an escape that JSON does not know; write a backslash twice, and use / in paths.",
  InvalidCharacter: "This text holds a control character; write it as an escape such as \\t.",
};

/** Words of other languages for JSON's own. */
const otherWords: Record<string, string> = {
  True: "true",
  False: "false",
  None: "null",
  yes: "true",
  no: "false",
};

function syntaxProblem(text: string, error: ParseError): Problem {
  const start = Math.min(error.offset, text.length);
  const end = Math.min(error.offset + error.length, text.length);
  const problem: Problem = {
    message: sentences[printParseErrorCode(error.error)] ?? "This is not valid JSON.",
    severity: "error",
    start,
    end,
    path: [],
    syntax: true,
  };
  if (printParseErrorCode(error.error) === "InvalidSymbol")
    Object.assign(problem, invalidSymbol(text, start, end));
  return problem;
}

function invalidSymbol(text: string, start: number, end: number): Partial<Problem> {
  const symbol = text.slice(start, end);
  if (/^[-+]?$/.test(symbol) || /^[-+]?(nan|inf(inity)?)$/i.test(symbol)) {
    const word = /^[-+]?\w*/.exec(text.slice(start, start + 20))?.[0] ?? symbol;
    return {
      message: `${word || symbol} is no number that a run config can hold; give a finite number.`,
      end: start + (word || symbol).length,
    };
  }
  if (Object.hasOwn(otherWords, symbol)) {
    const word = otherWords[symbol];
    return {
      message: `${symbol} is not a JSON value: did you mean ${word}?`,
      replacement: { start, end, text: word },
    };
  }
  if (symbol.startsWith("'")) {
    const quoted = /^'([^'"\\\n\r]*)'/.exec(text.slice(start));
    return {
      message: "JSON takes text in double quotes only.",
      ...(quoted && {
        end: start + quoted[0].length,
        replacement: { start, end: start + quoted[0].length, text: `"${quoted[1]}"` },
      }),
    };
  }
  if (/^[+.\d]/.test(symbol))
    return { message: `${quote(symbol)} is not a number that JSON knows, such as 0.5 or 1e-3.` };
  if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(symbol)) {
    return {
      message: `In JSON the word ${symbol.length > 40 ? "here" : symbol} must stand in double quotes.`,
      replacement: { start, end, text: `"${symbol}"` },
    };
  }
  return { message: `${quote(symbol)} is not expected here.` };
}

function toNode(
  text: string,
  node: Node,
  broken: ReadonlySet<number>,
  path: readonly (string | number)[],
  problems: Problem[],
): TextNode {
  const range = { start: node.offset, end: Math.min(node.offset + node.length, text.length) };
  if (path.length > maximumDepth) return { kind: "broken", ...range };
  switch (node.type) {
    case "object": {
      const entries = (node.children ?? []).flatMap((property) =>
        toEntry(text, property, broken, path, problems),
      );
      problems.push(...duplicateKeys(entries, path));
      return { kind: "object", entries, ...range };
    }
    case "array":
      return {
        kind: "list",
        items: (node.children ?? []).map((item, i) => toNode(text, item, broken, [...path, i], problems)),
        ...range,
      };
    default: {
      if (broken.has(node.offset)) return { kind: "broken", ...range };
      const value: unknown = node.value;
      if (typeof value === "string") return { kind: "string", value, word: wordRange(text, range), ...range };
      // Adding zero makes 0 of -0.
      if (typeof value === "number") return { kind: "number", value: value + 0, ...range };
      if (typeof value === "boolean") return { kind: "boolean", value, ...range };
      return { kind: node.type === "null" ? "null" : "broken", ...range };
    }
  }
}

function toEntry(
  text: string,
  property: Node,
  broken: ReadonlySet<number>,
  path: readonly (string | number)[],
  problems: Problem[],
): TextEntry[] {
  const keyNode = property.children?.at(0);
  const valueNode = property.children?.at(1);
  if (!keyNode || broken.has(keyNode.offset)) return [];
  const key = String(keyNode.value);
  const keyRange = { start: keyNode.offset, end: Math.min(keyNode.offset + keyNode.length, text.length) };
  const value: TextNode = valueNode
    ? toNode(text, valueNode, broken, [...path, key], problems)
    : { kind: "broken", ...keyRange };
  return [{ key, keyRange, word: wordRange(text, keyRange), value }];
}
