/** A row for each layer: what was measured of it last, and how that went. */
import { layerKey, type LayerQuantity } from "../../src/protocol/health";
import { element, setShown, setText } from "../dom";
import { formatCount } from "../format";
import type { RunState } from "../store";
import { layerQuantities } from "./quantities";
import { createSparkline, updateSparkline } from "./sparkline";

const columns = Object.keys(layerQuantities) as LayerQuantity[];

/** Of a deep network the first layers and the last ones are shown. */
const MOST_ROWS = 24;

interface Cell {
  root: HTMLElement;
  value: HTMLElement;
  spark: SVGSVGElement;
}

export class LayerTable {
  readonly root = element("table", "layer-table");
  private rows: { layer: number; cells: Map<LayerQuantity, Cell> }[] = [];
  private shape = "";

  update(run: RunState, lastStep: number): void {
    const sizes = run.description?.layers ?? [];
    const shown = columns.filter((quantity) =>
      sizes.slice(1).some((_, layer) => run.health.has(layerKey(layer, quantity))),
    );
    setShown(this.root, shown.length > 0);
    const shape = JSON.stringify([run.id, sizes, shown]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(sizes, shown);
    }
    for (const { layer, cells } of this.rows) {
      for (const [quantity, { root, value, spark }] of cells) {
        const series = run.health.get(layerKey(layer, quantity));
        setText(value, layerQuantities[quantity].format(series?.lastY ?? null));
        root.classList.toggle("absent", !series);
        if (series) updateSparkline(spark, series.points(), lastStep);
      }
    }
  }

  private build(sizes: readonly number[], shown: readonly LayerQuantity[]): void {
    const head = element("tr", "", {}, [
      element("th", "", { scope: "col" }, ["Layer"]),
      ...shown.map((quantity) => {
        const { title, explanation } = layerQuantities[quantity];
        return element("th", "", { scope: "col", title: explanation }, [title]);
      }),
    ]);
    const layers = sizes.slice(1).map((_, layer) => layer);
    const half = MOST_ROWS / 2;
    const kept =
      layers.length > MOST_ROWS ? [...layers.slice(0, half), null, ...layers.slice(-half)] : layers;
    this.rows = [];
    const rows = kept.map((layer) => {
      if (layer === null) {
        const text = `${layers.length - MOST_ROWS} more layers`;
        return element("tr", "more", {}, [element("td", "", { colspan: String(shown.length + 1) }, [text])]);
      }
      const cells = new Map(
        shown.map((quantity): [LayerQuantity, Cell] => {
          const cell = { root: element("td"), value: element("span", "number"), spark: createSparkline() };
          cell.root.append(cell.value, cell.spark);
          return [quantity, cell];
        }),
      );
      this.rows.push({ layer, cells });
      const name = element("th", "", { scope: "row", title: `layers.${layer}` }, [
        `${layer + 1}`,
        element("span", "layer-size", {}, [
          `${formatCount(sizes[layer])} → ${formatCount(sizes[layer + 1])}`,
        ]),
      ]);
      return element("tr", "", {}, [name, ...[...cells.values()].map(({ root }) => root)]);
    });
    const caption = element("caption", "", {}, ["Layers, from the inputs to the outputs"]);
    this.root.replaceChildren(caption, element("thead", "", {}, [head]), element("tbody", "", {}, rows));
  }
}
