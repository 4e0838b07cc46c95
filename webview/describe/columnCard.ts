import type { DataDescription, DescribedColumn } from "../../src/protocol/describe";
import { element, type Child } from "../dom";
import { formatCount, formatPercent } from "../format";
import { icon } from "../icons";
import { histogramOf } from "./histogram";
import { valueBars } from "./valueBars";
import { facts, plural, typeIcon, typeWord } from "./words";

/** So many of the most frequent values stand on a card. */
const mostValues = 4;

/** One column: what it holds, what is missing, how it is spread, what is odd about it. */
export function columnCard(
  column: DescribedColumn,
  { rows }: DataDescription,
  isTarget: boolean,
): HTMLElement {
  const { name, type, warnings } = column;
  const kind = element("span", "type", {}, [icon(typeIcon(type)), typeWord(type)]);
  const heading = element("h3", "", { title: name }, [name.trim() === "" ? "(blank name)" : name]);
  const head: Child[] = [heading, kind];
  if (isTarget) head.push(element("span", "badge", {}, [icon("target"), "Target"]));
  const card = element("li", isTarget ? "column target-column" : "column", { "data-column": name }, [
    element("div", "column-head", {}, head),
    spreadOf(column, rows),
    missingRow(column, rows),
  ]);
  const list = facts(column).map(([label, value]) =>
    element("div", "fact", {}, [element("dt", "", {}, [label]), element("dd", "", {}, [value])]),
  );
  if (list.length > 0) card.append(element("dl", "column-facts", {}, list));
  if (warnings.length > 0) {
    const items = warnings.map(({ label, message }) =>
      element("li", "", {}, [
        icon("warning"),
        element("span", "", {}, [element("b", "", {}, [label]), ` ${message}`]),
      ]),
    );
    card.append(element("ul", "column-warnings", {}, items));
  }
  return card;
}

function spreadOf(column: DescribedColumn, rows: number): HTMLElement {
  const { type, values, distinct, missing } = column;
  const drawn = histogramOf(column);
  if (drawn) return element("div", "spread", {}, [drawn]);
  if (type === "text" && values.length > 0) {
    const examples = values.slice(0, mostValues).map(({ label }) => element("li", "", {}, [label]));
    return element("div", "spread", {}, [
      element("ul", "examples", { "aria-label": "Some values" }, examples),
    ]);
  }
  if (values.length > 0) {
    const shown = values.length > mostValues + 1 ? values.slice(0, mostValues) : values;
    const others = distinct - shown.length;
    const rest = others > 0 ? `and ${plural(others, "other value")}` : null;
    return element("div", "spread", {}, [valueBars(shown, rows - missing, rest)]);
  }
  const nothing =
    type === "empty" ? "No values" : type === "text" ? "Too many values to list" : "No finite values";
  return element("div", "spread none", {}, [nothing]);
}

function missingRow({ missing }: DescribedColumn, rows: number): HTMLElement {
  if (missing === 0) return element("p", "missing complete", {}, ["Nothing missing"]);
  const bar = element("span", "missing-bar", { "aria-hidden": "true" }, [element("span")]);
  (bar.firstElementChild as HTMLElement).style.width = `${Math.max(2, (100 * missing) / Math.max(1, rows))}%`;
  return element("p", "missing", {}, [
    `${formatCount(missing)} missing · ${formatPercent(missing / rows)}`,
    bar,
  ]);
}
