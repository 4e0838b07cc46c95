/**
 * A run config with everything that can be said of it without its files: the keys, and of a function its expression,
 * its variables and its start.
 */
import type { ConfigLanguage } from "../config/files";
import { parseRunConfig, sortAndDeduplicate, type ParsedRunConfig } from "../config/parse";
import type { Problem } from "../config/problem";
import type { FunctionRunConfig } from "../config/runConfig";
import { parseText } from "../config/text/parseText";
import { ofVariant, type RunVariant } from "../config/variants";
import { rangeWithin } from "../config/text/textOffset";
import { nodeAt, type Range, type TextNode } from "../config/text/textTree";
import { startFault } from "../descent/functions/descent";
import { createFunction, type DifferentiableFunction } from "../descent/functions/differentiable";
import { ExpressionError } from "../descent/functions/expressionError";
import { nearest, variableNameFault } from "../descent/functions/parse";
import { DEFAULT_DOMAIN, randomStart } from "../descent/functions/randomStart";

/** A function that is ready to be minimised. */
export interface FunctionRun {
  config: FunctionRunConfig;
  f: DifferentiableFunction;
  start: Float64Array;
  /** Of each variable in order; null where none is given. */
  domain: ([low: number, high: number] | null)[];
}

export interface ReadRunConfig extends ParsedRunConfig {
  /** Set where `functionConfig` is and its expression can be minimised from its start. */
  functionRun: FunctionRun | null;
}

/** As parseRunConfig, and for a function all that it needs. Never throws, whatever the text. */
export function readRunConfig(text: string, language: ConfigLanguage): ReadRunConfig {
  const parsed = parseRunConfig(text, language);
  if (!parsed.functionConfig) return { ...parsed, functionRun: null };
  const reader = new FunctionReader(text, language, parsed.functionConfig);
  const functionRun = reader.read();
  const found = reader.problems.length > 0 ? reader.problems : problemsOfVariants(parsed.variants ?? []);
  const problems = sortAndDeduplicate([...parsed.problems, ...found]);
  return {
    ...parsed,
    problems,
    functionRun: reader.problems.length === 0 ? functionRun : null,
    variants: found.length === 0 ? parsed.variants : null,
  };
}

/** What is wrong with the functions of single runs, shown at what makes them so. */
function problemsOfVariants(variants: readonly RunVariant[]): Problem[] {
  return variants.flatMap(({ name, range, text }) => {
    if (!range) return [];
    const own = readRunConfig(text, "json").problems.find(({ severity }) => severity === "error");
    const end = Math.min(range.start + 1, range.end);
    return own
      ? [
          {
            message: ofVariant(name, own.message),
            severity: "error",
            start: range.start,
            end,
            path: ["compare"],
          },
        ]
      : [];
  });
}

class FunctionReader {
  readonly problems: Problem[] = [];
  private readonly root: TextNode | null;

  constructor(
    private readonly text: string,
    language: ConfigLanguage,
    private readonly config: FunctionRunConfig,
  ) {
    this.root = parseText(text, language).root;
  }

  read(): FunctionRun | null {
    const { config } = this;
    const { start, domain } = config.function;
    const named = start === "random" ? Object.keys(domain) : Object.keys(start);
    this.checkNames("start", start === "random" ? [] : Object.keys(start));
    this.checkNames("domain", Object.keys(domain));
    if (this.problems.length > 0) return null;
    const f = this.parse(start === "random" ? null : named);
    if (!f) return null;
    const order = [
      ...named.filter((name) => f.variables.includes(name)),
      ...f.variables.filter((name) => !named.includes(name)),
    ];
    if (start !== "random") this.checkKnown("start", Object.keys(start), f.variables);
    this.checkKnown("domain", Object.keys(domain), f.variables);
    if (this.problems.length > 0) return null;
    return this.withStart(createFunction(f.expression, order));
  }

  /** @param known the variables that the start names, without which the expression cannot do */
  private parse(known: readonly string[] | null): DifferentiableFunction | null {
    const { expression } = this.config.function;
    try {
      const f = createFunction(expression);
      if (f.variables.length === 0) {
        const message = `"function.expression" has no variable, so that there is nothing to minimise; name one, such as x.`;
        this.report(["function", "expression"], message);
        return null;
      }
      const missing = known === null ? [] : f.variables.filter((name) => !known.includes(name));
      if (known === null || missing.length === 0) return f;
      // A slip in the expression, where a variable of the start is near; else the start lacks one.
      if (known.length === 0 || missing.every((name) => nearest(name, known) === null)) {
        const list =
          missing.length === 1 ? `the variable ${missing[0]}` : `the variables ${missing.join(", ")}`;
        this.report(
          ["function", "start"],
          `"function.start" has no number for ${list}; add ${missing.length === 1 ? "it" : "them"}.`,
        );
        return null;
      }
      createFunction(expression, known);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.reportInExpression(error);
    }
    return null;
  }

  private withStart(f: DifferentiableFunction): FunctionRun | null {
    const { config } = this;
    const { start } = config.function;
    const domain = f.variables.map((name) =>
      Object.hasOwn(config.function.domain, name) ? config.function.domain[name] : null,
    );
    if (start === "random") {
      const point = randomStart(
        f,
        domain.map((limits) => limits ?? DEFAULT_DOMAIN),
        config.startSeed ?? config.seed,
      );
      if (point) return { config, f, start: point, domain };
      const message =
        "The function has no finite value anywhere in its domain, as far as chance found; give another domain or a start.";
      this.report(["function", "domain"], message);
      return null;
    }
    const point = Float64Array.from(f.variables, (name) => start[name]);
    const fault = startFault(f, point);
    if (fault === null) return { config, f, start: point, domain };
    this.report(["function", "start"], `No descent can begin at this start, where ${fault}; choose another.`);
    return null;
  }

  private checkNames(section: "start" | "domain", names: readonly string[]): void {
    for (const name of names) {
      const fault = variableNameFault(name);
      if (fault !== null) this.report(["function", section, name], fault, this.keyRange(section, name));
    }
  }

  private checkKnown(
    section: "start" | "domain",
    names: readonly string[],
    variables: readonly string[],
  ): void {
    for (const name of names) {
      if (variables.includes(name)) continue;
      const meant = nearest(
        name,
        variables.filter((variable) => !names.includes(variable)),
      );
      const hint =
        meant === null ? `; it has ${variables.slice(0, 8).join(", ")}` : `: did you mean "${meant}"`;
      const message = `The expression has no variable "${name}"${hint}${meant === null ? "." : "?"}`;
      const range = this.keyRange(section, name);
      const word = this.wordOf(section, name);
      this.report(
        ["function", section, name],
        message,
        range,
        meant !== null && word ? { ...word, text: meant } : null,
      );
    }
  }

  private entry(section: "start" | "domain", name: string) {
    const node = nodeAt(this.root, ["function", section]);
    return node?.kind === "object" ? node.entries.find(({ key }) => key === name) : undefined;
  }

  private keyRange(section: "start" | "domain", name: string): Range | undefined {
    return this.entry(section, name)?.keyRange;
  }

  private wordOf(section: "start" | "domain", name: string): Range | null {
    return this.entry(section, name)?.word ?? null;
  }

  private reportInExpression({ message, start, end, replacement }: ExpressionError): void {
    const path = ["function", "expression"];
    const node = nodeAt(this.root, path);
    if (!node) return this.report(path, message);
    const within = (from: number, to: number): Range =>
      rangeWithin(this.text, node, this.config.function.expression, { start: from, end: to });
    const range = within(start, end);
    const exact =
      this.text.slice(range.start, range.end) === this.config.function.expression.slice(start, end);
    const repair = replacement === undefined || !exact ? null : { ...range, text: replacement };
    this.report(path, message, range, repair);
  }

  private report(
    path: string[],
    message: string,
    range?: Range,
    replacement?: Problem["replacement"] | null,
  ): void {
    const place = range ?? nodeAt(this.root, path) ?? nodeAt(this.root, ["function"]) ?? { start: 0, end: 1 };
    const { start, end } = place;
    this.problems.push({
      message,
      severity: "error",
      start,
      end,
      path,
      ...(replacement && {
        replacement: { start: replacement.start, end: replacement.end, text: replacement.text },
      }),
    });
  }
}
