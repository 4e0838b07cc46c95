/** Step health beside the decrease ratio: the whole network's quantities, then those of each layer. */
import { lastStep, type ExploredSeries } from "../charts/curves";
import { element, setShown } from "../dom";
import type { RunState } from "../store";
import { healthPoints } from "./healthPoints";
import { LayerTable } from "./layerTable";
import { layerQuantities, networkQuantities } from "./quantities";
import { definition, learnMore, QuantityRow } from "./quantityRow";

export class HealthCard {
  readonly root: HTMLElement;
  private readonly angle = new QuantityRow(networkQuantities.angle);
  private readonly layers = new LayerTable();
  private readonly ofLayers: HTMLElement;

  /** @param openPage shows a page of the documents */
  constructor(openPage: (page: string) => void) {
    const meanings = Object.values(layerQuantities).map(definition);
    const definitions = element("details", "definitions", {}, [
      element("summary", "", {}, ["What the columns mean"]),
      element("div", "quantities", {}, meanings),
    ]);
    this.ofLayers = element("div", "layer-part", {}, [this.layers.root, definitions]);
    const title = element("h2", "", { id: "health-title" }, ["Step health"]);
    this.root = element("section", "card health-card", { "aria-labelledby": "health-title" }, [
      element("div", "card-head", {}, [element("div", "card-title", {}, [title])]),
      element("div", "quantities", {}, [this.angle.root]),
      this.ofLayers,
      learnMore(openPage),
    ]);
  }

  /** @param explored a descent on a function that was made again in the page */
  update(run: RunState, explored: ExploredSeries | null): void {
    const end = explored?.lastStep ?? lastStep(run);
    this.angle.update(healthPoints(run, explored, "angle"), end);
    setShown(this.ofLayers, run.description !== null);
    this.layers.update(run, end);
  }
}
