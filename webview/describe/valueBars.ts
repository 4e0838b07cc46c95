import { element, type Child } from "../dom";
import { formatCount, formatPercent } from "../format";

/** Values with how often they come, as bars; `rest` says what is not among them. */
export function valueBars(
  values: readonly { label: string; count: number }[],
  total: number,
  rest: string | null,
): HTMLElement {
  const most = values.at(0)?.count ?? 1;
  const rows: Child[] = values.map(({ label, count }) => {
    const bar = element("span", "value-bar", { "aria-hidden": "true" });
    bar.style.width = `${(100 * count) / most}%`;
    const share = formatPercent(count / total);
    return element("li", "", { title: `${label}: ${formatCount(count)} rows, ${share}` }, [
      bar,
      element("span", "value-label", {}, [label === "" ? "(blank)" : label]),
      element("span", "value-count", {}, [`${formatCount(count)} · ${share}`]),
    ]);
  });
  if (rest !== null) rows.push(element("li", "rest", {}, [rest]));
  return element("ul", "values", {}, rows);
}
