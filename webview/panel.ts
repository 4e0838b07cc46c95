/** The panel: charts and controls of one run. This file is wiring only. */
import "./styles/common.css";
import "./styles/panel.css";
import "./styles/function.css";
import { CurveCard } from "./charts/curveCard";
import { gradientPicture } from "./charts/curves";
import { Cursor } from "./cursor";
import { element, setShown } from "./dom";
import { followRun } from "./followRun";
import { createFrame } from "./frame";
import { MapCard } from "./function/mapCard";
import { keepExplored, send } from "./host";
import { Header } from "./panel/header";
import { LossCard } from "./panel/lossCard";
import { MessagePage } from "./panel/messagePage";
import { Outcome } from "./panel/outcome";
import { Tiles } from "./panel/tiles";
import { isFinished } from "./parts/status";
import { RunStore } from "./store";
import { TrajectoryCard } from "./trajectory/trajectoryCard";

const store = new RunStore();
const frame = createFrame(draw);
const cursor = new Cursor(frame.request);
const command = (name: Parameters<typeof send>[0]): void => send(name, store.run?.id ?? null);

const header = new Header(command);
const outcome = new Outcome(command);
const tiles = new Tiles();
const loss = new LossCard(cursor, frame.request);
const gradient = new CurveCard("gradient", "Gradient norm", cursor, frame.request);
const trajectory = new TrajectoryCard(cursor, frame.request);
const map = new MapCard(cursor, frame.request, (action, change) => {
  if (store.run) keepExplored(store.run.id, action, change);
});
const charts = element("section", "charts", { "aria-label": "Charts" }, [
  map.root,
  loss.card.root,
  gradient.root,
  trajectory.root,
]);
const page = new MessagePage(command);
const main = element("main", "panel", {}, [header.root, outcome.root, tiles.root, charts, page.root]);
(document.getElementById("root") ?? document.body).append(main);

const host = followRun(store, cursor, frame.request);

function draw(): void {
  const { run } = store;
  const described = run !== null && (run.description ?? run.functionDescription) !== null;
  const drawable = described && !host.wrongVersion;
  setShown(header.root, run !== null);
  setShown(outcome.root, run !== null);
  setShown(charts, drawable);
  setShown(page.root, (!drawable && run?.result === null) || run === null || host.wrongVersion);
  if (host.wrongVersion) page.showText("Downhill was updated: reload the window to see its charts.");
  else if (!run) page.showEmpty();
  else if (!drawable) page.showLoading(run);
  if (!run) {
    setShown(tiles.root, false);
    return;
  }
  header.update(run);
  outcome.update(run);
  tiles.update(run);
  if (!drawable) return;
  const { functionDescription } = run;
  charts.classList.toggle("of-function", functionDescription !== null);
  setShown(map.root, functionDescription !== null);
  setShown(trajectory.root, functionDescription === null);
  if (functionDescription) {
    map.update(run, functionDescription);
    loss.updateFunction(run, map.series);
    gradient.update(gradientPicture(run, map.series));
    return;
  }
  loss.update(run);
  gradient.update(gradientPicture(run));
  trajectory.update(run.trajectory, isFinished(run.status));
}
