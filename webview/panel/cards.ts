/** All cards of the panel, in the order in which they stand until a person arranges them otherwise. */
import type { FunctionChange } from "../../src/protocol/webview";
import type { PanelCard } from "../cards/card";
import { CurveCard } from "../charts/curveCard";
import { gradientPicture, learningRatePicture } from "../charts/curves";
import type { Cursor } from "../cursor";
import { MapCard } from "../function/mapCard";
import { HealthCard } from "../health/healthCard";
import { RatioCard } from "../health/ratioCard";
import { EvaluationCard } from "../evaluation/evaluationCard";
import { LabLine } from "../labLine";
import { NetworkCard } from "../network/networkCard";
import { openPage } from "../host";
import { isFinished } from "../parts/status";
import type { RunState } from "../store";
import { TrajectoryCard } from "../trajectory/trajectoryCard";
import { LossCard } from "./lossCard";
import { Tiles } from "./tiles";

export interface CardServices {
  /** The step that is pointed at in any chart. */
  cursor: Cursor;
  /** Asks for a drawing in the next frame. */
  redraw: () => void;
  /** Writes an explored descent into the run config. */
  keepExplored: (action: "save" | "train", change: FunctionChange) => void;
}

export function createCards({ cursor, redraw, keepExplored }: CardServices): PanelCard[] {
  const tiles = new Tiles();
  const map = new MapCard(cursor, redraw, keepExplored);
  const loss = new LossCard(cursor, redraw);
  const trajectory = new TrajectoryCard(cursor, redraw);
  const gradient = new CurveCard("gradient", "Gradient norm", cursor, redraw, { smoothing: true });
  const rate = new CurveCard("learning-rate", "Learning rate", cursor, redraw);
  const lab = new LabLine();
  const evaluation = new EvaluationCard(lab);
  const network = new NetworkCard(lab);
  const ratio = new RatioCard(cursor, redraw, openPage);
  const health = new HealthCard(openPage);
  return [
    {
      id: "metrics",
      title: "Metrics",
      root: tiles.root,
      size: "full",
      available: ofNetwork,
      update: (run) => tiles.update(run),
    },
    {
      id: "map",
      title: "Map",
      root: map.root,
      size: "wide",
      available: (run) => !ofNetwork(run),
      update(run) {
        if (run.functionDescription) map.update(run, run.functionDescription);
      },
      menu: () => map.menu(),
    },
    {
      id: "loss",
      title: "Loss",
      root: loss.root,
      size: "wide",
      available: () => true,
      update: (run) => (ofNetwork(run) ? loss.update(run) : loss.updateFunction(run, map.series)),
      menu: () => loss.card.menu(),
    },
    {
      id: "trajectory",
      title: "Descent trajectory",
      root: trajectory.root,
      size: "tall",
      available: ofNetwork,
      update: (run) => trajectory.update(run),
      seen: (visible) => trajectory.seen(visible),
      menu: () => trajectory.menu(),
    },
    {
      id: "gradient",
      title: "Gradient norm",
      root: gradient.root,
      available: () => true,
      update: (run) => gradient.update(gradientPicture(run, map.series, gradient.smoothing)),
      menu: () => gradient.menu(),
    },
    {
      id: "learning-rate",
      title: "Learning rate",
      root: rate.root,
      // A descent on a function is tried with many rates; only one that changes on the way is worth a chart.
      available: (run) => ofNetwork(run) || run.functionDescription?.function.schedule.type !== "constant",
      update: (run) => rate.update(learningRatePicture(run)),
      menu: () => rate.menu(),
    },
    {
      id: "decrease-ratio",
      title: "Decrease ratio",
      root: ratio.root,
      available: wasLookedAt,
      update: (run) => ratio.update(run, map.series),
    },
    {
      id: "health",
      title: "Step health",
      root: health.root,
      available: wasLookedAt,
      update: (run) => health.update(run, map.series),
    },
    {
      id: "evaluation",
      title: "Evaluation",
      root: evaluation.root,
      available: ofNetwork,
      update: (run) => evaluation.update(run),
      seen: (visible) => evaluation.seen(visible),
    },
    {
      id: "network",
      title: "Network",
      root: network.root,
      available: ofNetwork,
      update: (run) => network.update(run),
      seen: (visible) => network.seen(visible),
    },
  ];
}

function ofNetwork(run: RunState): boolean {
  return run.description !== null;
}

/** Whether single steps were looked at, or will be; those of earlier versions' runs were not. */
function wasLookedAt(run: RunState): boolean {
  return run.health.size > 0 || !isFinished(run.status);
}
