import { css } from "../colour";
import { element, setAttribute, setText } from "../dom";
import { lineSample, styleLineSample } from "../icons";
import type { Curve } from "./curveCard";

interface LegendItem {
  button: HTMLButtonElement;
  sample: SVGSVGElement;
  label: HTMLElement;
  value: HTMLElement;
}

/** The lines of a chart: which is which, their values now, and a click hides one. */
export class Legend {
  readonly root = element("div", "legend", { role: "group" });
  private readonly items = new Map<string, LegendItem>();

  constructor(
    title: string,
    private readonly toggle: (curve: string) => void,
  ) {
    this.root.setAttribute("aria-label", `Lines of ${title}`);
  }

  update(curves: readonly Curve[], look: (curve: Curve) => { hidden: boolean; value: string }): void {
    for (const [id, item] of this.items) {
      if (curves.some((curve) => curve.id === id)) continue;
      item.button.remove();
      this.items.delete(id);
    }
    for (const [place, curve] of curves.entries()) {
      const item = this.items.get(curve.id) ?? this.add(curve, place);
      const { hidden, value } = look(curve);
      const { style, tag } = curve;
      styleLineSample(item.sample, { ...style, colour: css(style.colour, Math.max(0.5, style.opacity)) });
      setText(item.label, tag === undefined ? curve.label : `${tag} · ${curve.label}`);
      setText(item.value, value);
      setAttribute(item.button, "title", `${curve.tooltip} Click to show or hide.`);
      setAttribute(item.button, "aria-pressed", String(!hidden));
    }
  }

  /** A line that comes later, as validation does, still takes its place; the others stay, and so does the focus. */
  private add(curve: Curve, place: number): LegendItem {
    const item: LegendItem = {
      sample: lineSample(),
      label: element("span", "legend-label"),
      value: element("span", "legend-value"),
      button: element("button", "legend-item", { type: "button" }),
    };
    item.button.append(item.sample, item.label, item.value);
    item.button.addEventListener("click", () => this.toggle(curve.id));
    this.items.set(curve.id, item);
    this.root.insertBefore(item.button, this.root.children[place] ?? null);
    return item;
  }
}
