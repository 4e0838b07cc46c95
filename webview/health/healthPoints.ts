import type { HealthQuantity } from "../../src/protocol/health";
import type { ExploredSeries } from "../charts/curves";
import type { Points } from "../series";
import type { RunState } from "../store";

const none: Points = { x: new Float64Array(), y: new Float64Array() };

/** How a quantity went: in a run, or in a descent on a function that was made again in the page. */
export function healthPoints(
  run: RunState,
  explored: ExploredSeries | null,
  quantity: HealthQuantity,
): Points {
  return explored?.[quantity] ?? run.health.get(quantity)?.points() ?? none;
}
