/** What Step health shows, and how it says what that is. */
import type { HealthQuantity, LayerQuantity } from "../../src/protocol/health";
import { formatNumber, formatPercent, NONE } from "../format";
import { formula, fraction, norm, row, subscript, text, thin, word } from "./math";

export interface Quantity {
  title: string;
  /** One sentence. */
  explanation: string;
  formula: () => Element;
  format: (value: number | null) => string;
  /** A smaller difference is no change. */
  least?: number;
}

const gDotStep = (): Element => row("g · Δ", "θ");

export const networkQuantities: Readonly<Record<HealthQuantity, Quantity>> = {
  decreaseRatio: {
    title: "Decrease ratio",
    explanation:
      "How far the loss of a step's own batch fell, as a fraction of what its gradient promised to first order.",
    formula: () =>
      formula(
        "rho = (f(theta) − f(theta + delta theta)) / (−g · delta theta)",
        "ρ =",
        fraction(row("f ( θ ) − f ( θ + Δ θ )"), row("−", gDotStep())),
      ),
    format: (value) => formatNumber(value, 3),
  },
  angle: {
    title: "Angle to steepest descent",
    explanation:
      "How far the step turns away from −g, by momentum or by rates of each parameter's own; beyond 90° it leads uphill.",
    formula: () =>
      formula(
        "angle = arccos(−g · delta theta / (norm of g times norm of delta theta))",
        "α =",
        word("arccos"),
        thin(),
        fraction(row("−", gDotStep()), row(norm("g"), thin(), norm("Δ θ"))),
      ),
    least: 1,
    format: (value) => (value === null || Number.isNaN(value) ? NONE : `${formatNumber(value, 3)}°`),
  },
};

export const layerQuantities: Readonly<Record<LayerQuantity, Quantity>> = {
  gradientNorm: {
    title: "Gradient norm",
    explanation:
      "How strongly the loss pulls at the layer; many times smaller in the first layers than in the last is a gradient that vanishes.",
    formula: () => formula("norm of g of the layer", norm(subscript("g", "l"))),
    format: (value) => formatNumber(value, 3),
  },
  updateRatio: {
    title: "Update to weight",
    explanation:
      "How much of its weights a step changes; about a thousandth is common, a tenth is hasty, a millionth stands still.",
    formula: () =>
      formula(
        "norm of the change of W over norm of W",
        fraction(norm("Δ", subscript("W", "l")), norm(subscript("W", "l"))),
      ),
    format: (value) => formatNumber(value, 3),
  },
  deadUnits: {
    title: "Dead units",
    explanation:
      "Units of a relu layer that answered 0 to every row of the latest batches: no gradient reaches them.",
    formula: () =>
      formula(
        "fraction of units with output 0 for every row",
        fraction(row(text("units with "), "a ( x ) = 0", text(" for all x")), text("units")),
      ),
    format: (value) => formatPercent(value),
  },
};
