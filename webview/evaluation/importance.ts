import type { ImportancePart } from "../../src/protocol/evaluation";
import { element } from "../dom";
import { formatCount, formatNumber } from "../format";

/** Bars of how much each feature matters, the most important first. */
export function importanceView({ features, of, loss, rows }: ImportancePart): HTMLElement {
  const sorted = [...features].sort((a, b) => b.increase - a.increase);
  const most = Math.max(1e-12, ...sorted.map(({ increase }) => increase));
  const bars = sorted.map(({ name, increase, deviation }) => {
    const bar = element("span", "importance-bar", { "aria-hidden": "true" });
    bar.style.setProperty("--share", `${Math.round((100 * Math.max(0, increase)) / most)}%`);
    const title = `Shuffling ${name} raises the loss by ${formatNumber(increase, 3)} ± ${formatNumber(deviation, 2)}.`;
    return element("li", "", { title }, [
      element("span", "importance-name", {}, [name]),
      element("span", "importance-track", {}, [bar]),
      element("span", "importance-value", {}, [
        `${formatNumber(increase, 3)} ± ${formatNumber(deviation, 2)}`,
      ]),
    ]);
  });
  const known = features.length < of ? ` ${features.length} of ${of} features so far.` : "";
  return element("div", "importance", {}, [
    element("p", "muted", {}, [
      `How much the loss (${formatNumber(loss)} on ${formatCount(rows)} rows) rises when a feature's values are shuffled among the rows.${known}`,
    ]),
    element("ol", "importance-list", {}, bars),
  ]);
}
