import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Node, YAMLError } from "yaml";
import type { Problem } from "../problem";
import { duplicateKeys, maximumDepth, onePerLine, quote, wordRange } from "./textTree";
import type { ParsedText, Range, TextEntry, TextNode } from "./textTree";

/** So many nodes may come from aliases, which could otherwise multiply without end. */
const maximumAliasedNodes = 10_000;

/** Reads YAML 1.2 that is plain data: one document, no tags of its own, keys that are text. */
export function parseYaml(text: string): ParsedText {
  const document = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    resolveKnownTags: false,
    // Checked on the tree, as for JSON.
    uniqueKeys: false,
    logLevel: "error",
  });
  const errors = [...document.errors, ...document.warnings];
  const problems = onePerLine(
    text,
    errors.map((error) => syntaxProblem(text, error)),
  );
  const contents = document.contents;
  if (!contents || (isScalar(contents) && contents.value === null && contents.source === "")) {
    return { root: null, problems };
  }
  const reader = new TreeReader(text, document, problems);
  return { root: reader.node(contents, [], { start: 0, end: text.length }), problems };
}

class TreeReader {
  private aliasedNodes = 0;
  private readonly faults: readonly Problem[];

  constructor(
    private readonly text: string,
    private readonly document: Document,
    private readonly problems: Problem[],
  ) {
    this.faults = [...problems];
  }

  /**
   * @param fallback where a node without text of its own is shown, such as a value that was left empty
   * @param shownAt the place of the alias through which the node is reached
   */
  node(node: unknown, path: readonly (string | number)[], fallback: Range, shownAt?: Range): TextNode {
    const range = shownAt ?? this.rangeOf(node, fallback);
    if (shownAt && ++this.aliasedNodes > maximumAliasedNodes) {
      if (this.aliasedNodes === maximumAliasedNodes + 1) {
        this.report(range, path, "The aliases here multiply to too much data; write the values out.");
      }
      return { kind: "broken", ...range };
    }
    if (path.length > maximumDepth) return { kind: "broken", ...range };

    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (!target) {
        this.report(range, path, `There is no anchor &${node.source} before this alias.`);
        return { kind: "broken", ...range };
      }
      return this.node(target, path, range, range);
    }
    if (isMap(node)) {
      const entries = node.items.map((pair) => this.entry(pair.key, pair.value, path, range, shownAt));
      this.problems.push(...duplicateKeys(entries, path));
      return { kind: "object", entries, ...range };
    }
    if (isSeq(node)) {
      return {
        kind: "list",
        items: node.items.map((item, i) => this.node(item, [...path, i], range, shownAt)),
        ...range,
      };
    }
    if (!shownAt && this.isBroken(node, range)) return { kind: "broken", ...range };
    const value: unknown = isScalar(node) ? node.value : node;
    if (typeof value === "string") {
      return { kind: "string", value, word: shownAt ? null : wordRange(this.text, range), ...range };
    }
    // Adding zero makes 0 of -0.
    if (typeof value === "number") return { kind: "number", value: value + 0, ...range };
    if (typeof value === "boolean") return { kind: "boolean", value, ...range };
    return { kind: value === null ? "null" : "broken", ...range };
  }

  private entry(
    keyNode: unknown,
    valueNode: unknown,
    path: readonly (string | number)[],
    parent: Range,
    shownAt?: Range,
  ): TextEntry {
    const keyRange = shownAt ?? this.rangeOf(keyNode, { start: parent.start, end: parent.start });
    const key = isScalar(keyNode) && typeof keyNode.value === "string" ? keyNode.value : null;
    return {
      key: key ?? "",
      keyRange,
      word: shownAt ? null : wordRange(this.text, keyRange),
      // A key that is no text is a problem already; what stands behind it means nothing.
      value:
        key === null
          ? { kind: "broken", ...keyRange }
          : this.node(valueNode, [...path, key], keyRange, shownAt),
    };
  }

  private rangeOf(node: unknown, fallback: Range): Range {
    const range = (node as Node | null)?.range;
    if (!range) return fallback;
    const start = Math.min(range[0], this.text.length);
    let end = Math.min(range[1], this.text.length);
    // A block ends after its last line break; its problems should not reach into the next line.
    while (end > start && /\s/.test(this.text[end - 1])) end--;
    return end > start ? { start, end } : fallback;
  }

  /** Whether the parser has complained about the text here, such as a missing quote. */
  private isBroken(node: unknown, range: Range): boolean {
    const end = (isScalar(node) && node.range?.[1]) || range.end;
    const fault = this.faults.find(({ start }) => range.start <= start && start <= end);
    if (fault?.message === noClosingQuote) {
      // The parser misses the quote at the end of the text, the writer where the value begins.
      fault.start = range.start;
      fault.end = range.start + this.text.slice(range.start, range.end).split(/[\r\n]/)[0].length;
    }
    return fault !== undefined;
  }

  private report(range: Range, path: readonly (string | number)[], message: string): void {
    this.problems.push({ message, severity: "error", ...range, path: [...path], syntax: true });
  }
}

const noClosingQuote = "This text has no closing quote.";

const sentences: Record<string, string> = {
  BAD_INDENT: "This line is not indented like the lines that it belongs to.",
  BAD_DQ_ESCAPE:
    "This text has an escape that YAML does not know; write a backslash twice, and use / in paths.",
  BLOCK_AS_IMPLICIT_KEY: "A key stands within a value here: a line break or an indentation is wrong.",
  MULTILINE_IMPLICIT_KEY: "A key must stand on one line and be followed by a colon.",
  MULTIPLE_DOCS: "A run config is one document; remove what follows the second ---.",
  NON_STRING_KEY: "A key must be plain text.",
  TAB_AS_INDENT: "YAML is indented with spaces, not with tabs.",
  TAG_RESOLVE_FAILED: "A run config is plain data; remove this tag.",
  BAD_DIRECTIVE: "A run config takes no YAML directives; remove this line.",
};

function syntaxProblem(text: string, error: YAMLError): Problem {
  const start = Math.max(0, Math.min(error.pos[0], text.length));
  const end = Math.max(start, Math.min(error.pos[1], text.length));
  return { message: sentenceFor(error), severity: "error", start, end, path: [], syntax: true };
}

function sentenceFor({ code, message }: YAMLError): string {
  const unclosed = /Flow (map|sequence)/.exec(message);
  if (unclosed)
    return unclosed[1] === "map" ? 'A closing brace "}" is missing.' : 'A closing bracket "]" is missing.';
  if (/Missing closing .quote/.test(message)) return noClosingQuote;
  return sentences[code] ?? `This is not valid YAML: ${quote(message)}.`;
}
