/** Where the units of a network stand in its drawing, and what lies under the pointer. */
import type { NetworkPart } from "../../src/protocol/evaluation";

export interface NetworkLayout {
  width: number;
  height: number;
  /** Columns from the inputs to the outputs; places of the shown units, top to bottom. */
  columns: { x: number; y: number[] }[];
  radius: number;
}

export type Place =
  | { kind: "unit"; column: number; at: number }
  /** From a shown input of a layer to a shown unit of it. */
  | { kind: "weight"; layer: number; input: number; unit: number };

const MARGIN = 26;
const TOP = 26;

export function layoutOf({ layers }: NetworkPart, width: number, height: number): NetworkLayout {
  const counts = [layers[0].shownInputs.length, ...layers.map(({ shownUnits }) => shownUnits.length)];
  const most = Math.max(...counts);
  const spacing = Math.min(44, (height - TOP - 10) / most);
  const columns = counts.map((count, column) => {
    const x = MARGIN + (column * (width - 2 * MARGIN)) / Math.max(1, counts.length - 1);
    const first = TOP + (height - TOP - 10) / 2 - ((count - 1) * spacing) / 2;
    return { x, y: Array.from({ length: count }, (_, i) => first + i * spacing) };
  });
  return { width, height, columns, radius: Math.max(2.5, Math.min(11, spacing * 0.36)) };
}

/** The unit or, failing that, the weight that is nearest to a place and not far from it. */
export function placeAt({ columns, radius }: NetworkLayout, x: number, y: number): Place | null {
  for (const [column, { x: at, y: places }] of columns.entries()) {
    const unit = places.findIndex((place) => Math.hypot(x - at, y - place) <= radius + 3);
    if (unit >= 0) return { kind: "unit", column, at: unit };
  }
  let best: Place | null = null;
  let nearest = 5;
  for (let layer = 0; layer + 1 < columns.length; layer++) {
    const [from, to] = [columns[layer], columns[layer + 1]];
    if (x < from.x || x > to.x) continue;
    const t = (x - from.x) / (to.x - from.x);
    for (const [input, y0] of from.y.entries()) {
      for (const [unit, y1] of to.y.entries()) {
        const slope = (y1 - y0) / (to.x - from.x);
        const distance = Math.abs(y - (y0 + t * (y1 - y0))) / Math.hypot(1, slope);
        if (distance >= nearest) continue;
        nearest = distance;
        best = { kind: "weight", layer, input, unit };
      }
    }
  }
  return best;
}
