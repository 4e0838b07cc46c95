import { element, setText } from "../dom";
import type { Points } from "../series";
import type { Quantity } from "./quantities";
import { createSparkline, updateSparkline } from "./sparkline";

/** One quantity: its name, its value now and how it went, what it is, and its formula. */
export class QuantityRow {
  readonly root: HTMLElement;
  private readonly value = element("span", "number");
  private readonly spark = createSparkline();

  constructor(private readonly quantity: Quantity) {
    this.root = element("div", "quantity", {}, [
      element("h3", "", {}, [quantity.title]),
      element("p", "now", {}, [this.value, this.spark]),
      meaning(quantity),
    ]);
  }

  update(points: Points, lastStep: number): void {
    setText(this.value, this.quantity.format(points.y[points.y.length - 1] ?? null));
    updateSparkline(this.spark, points, lastStep, this.quantity.least);
  }
}

/** What a quantity is, without a value: for those that each layer has. */
export function definition(quantity: Quantity): HTMLElement {
  return element("div", "quantity", {}, [element("h3", "", {}, [quantity.title]), meaning(quantity)]);
}

/** What a quantity is, in a sentence and a formula. */
export function meaning({ explanation, formula }: Quantity): HTMLElement {
  return element("div", "meaning", {}, [
    element("p", "explanation", {}, [explanation]),
    element("p", "math", {}, [formula()]),
  ]);
}

/** Opens the page that teaches what the cards show. */
export function learnMore(openPage: (page: string) => void): HTMLElement {
  const link = element("button", "learn-more", { type: "button" }, ["Learn more"]);
  link.addEventListener("click", () => openPage("step-health"));
  return link;
}
