import type { DescribedColumn } from "../../src/protocol/describe";
import { element, setText } from "../dom";
import { formatCount } from "../format";
import { binText, plural, valueText } from "./words";

const SVG = "http://www.w3.org/2000/svg";
const height = 100;

/** The distribution of a column's numbers as bars; pointing at one tells its range and rows. */
export function histogramOf(column: DescribedColumn): HTMLElement | null {
  const { histogram } = column;
  if (!histogram) return null;
  const { edges, counts } = histogram;
  const svg = document.createElementNS(SVG, "svg");
  // The drawing is stretched to its box: bars have no strokes that this would distort.
  // A single bin is a bar like others, not a block.
  svg.setAttribute("viewBox", counts.length > 1 ? `0 0 ${counts.length} ${height}` : `-6 0 13 ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "bars");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", summary(column, counts));
  const bars = document.createElementNS(SVG, "path");
  bars.setAttribute("d", barPath(counts));
  const pointed = document.createElementNS(SVG, "path");
  pointed.setAttribute("class", "pointed");
  svg.append(bars, pointed);

  const least = element("span", "least", {}, [valueText(column, column.numbers?.min)]);
  const bin = element("span", "bin");
  const most = element("span", "most", {}, [valueText(column, column.numbers?.max)]);
  const root = element("div", "histogram", {}, [svg, element("div", "range", {}, [least, bin, most])]);
  const leave = (): void => {
    root.classList.remove("pointing");
    setText(bin, "");
    pointed.setAttribute("d", "");
  };
  svg.addEventListener("pointermove", ({ clientX }) => {
    const { left, width } = svg.getBoundingClientRect();
    const at = Math.min(
      counts.length - 1,
      Math.max(0, Math.floor(((clientX - left) / width) * counts.length)),
    );
    root.classList.add("pointing");
    setText(bin, `${binText(column, at)}: ${formatCount(counts[at])}`);
    pointed.setAttribute("d", barPath(counts, at));
  });
  svg.addEventListener("pointerleave", leave);
  return edges.length > 1 ? root : null;
}

/** One path for all bars, or for one: thousands of columns make thousands of these. */
function barPath(counts: readonly number[], only?: number): string {
  const most = Math.max(...counts);
  return counts
    .map((count, at) => {
      if (count === 0 || (only !== undefined && at !== only)) return "";
      // A bin with anything in it can be seen.
      const tall = Math.max(3, (count / most) * height);
      return `M${at + 0.06} ${height}V${height - tall}h.88V${height}z`;
    })
    .join("");
}

function summary(column: DescribedColumn, counts: readonly number[]): string {
  const most = counts.indexOf(Math.max(...counts));
  return `Distribution in ${plural(counts.length, "bin")}; the fullest, ${binText(column, most)}, has ${plural(counts[most], column.type === "vector" ? "value" : "row")}`;
}
