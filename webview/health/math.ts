/** Formulas in MathML, which the editor's browser draws itself. */

const MATHML = "http://www.w3.org/1998/Math/MathML";

export type MathPart = string | Element;

function node(tag: string, parts: readonly MathPart[]): Element {
  const element = document.createElementNS(MATHML, tag);
  element.append(...parts);
  return element;
}

/** Letters are variables, digits numbers, anything else an operator. */
function asNodes(part: MathPart): Element[] {
  if (typeof part !== "string") return [part];
  const tokens = part.match(/[\d.]+|[^\s\d.]/gu) ?? [];
  return tokens.map((token) => {
    if (/\d/.test(token)) return node("mn", [token]);
    const letter = /\p{L}/u.test(token);
    // Capitals of operators, such as ∇ and Δ, stand upright.
    const element = node(letter && token !== "Δ" ? "mi" : "mo", [token]);
    if (token === "Δ" || token === "∇") {
      element.setAttribute("lspace", "0");
      element.setAttribute("rspace", "0");
    }
    return element;
  });
}

export function row(...parts: MathPart[]): Element {
  return node("mrow", parts.flatMap(asNodes));
}

export function fraction(above: MathPart, below: MathPart): Element {
  return node("mfrac", [row(above), row(below)]);
}

export function subscript(base: string, index: string): Element {
  const letters = index.length > 1 ? [node("mtext", [index])] : asNodes(index);
  return node("msub", [row(base), ...letters]);
}

/** The name of a function, as "arccos". */
export function word(text: string): Element {
  return node("mi", [text]);
}

/** Upright words within a formula. */
export function text(words: string): Element {
  return node("mtext", [words.replaceAll(" ", "\u00a0")]);
}

/** A thin space. */
export function thin(): Element {
  const space = node("mspace", []);
  space.setAttribute("width", "0.17em");
  return space;
}

/** ‖x‖. Bars drawn one by one: not every font has the double bar, and in some it is a bracket. */
export function norm(...parts: MathPart[]): Element {
  const bars = (): Element[] =>
    ["|", "|"].map((bar) => {
      const mark = node("mo", [bar]);
      for (const [name, value] of [
        ["stretchy", "false"],
        ["lspace", "0.03em"],
        ["rspace", "0.03em"],
      ])
        mark.setAttribute(name, value);
      return mark;
    });
  return row(...bars(), ...parts, ...bars());
}

/** @param spoken the same for those who hear it */
export function formula(spoken: string, ...parts: MathPart[]): Element {
  const math = node("math", [row(...parts)]);
  math.setAttribute("class", "formula");
  // Fractions as large as in a line of their own.
  math.setAttribute("displaystyle", "true");
  math.setAttribute("aria-label", spoken);
  return math;
}
