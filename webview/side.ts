/** The loss chart in the side bar: follows the active run in a small space. This file is wiring only. */
import "./styles/common.css";
import "./styles/side.css";
import { CurveCard } from "./charts/curveCard";
import { metricPicture, valuePicture } from "./charts/curves";
import { Cursor } from "./cursor";
import { element, setShown } from "./dom";
import { followRun } from "./followRun";
import { createFrame } from "./frame";
import { send } from "./host";
import { MessagePage } from "./panel/messagePage";
import { SideHeader } from "./side/sideHeader";
import { RunStore } from "./store";

const store = new RunStore();
const frame = createFrame(draw);
const cursor = new Cursor(frame.request);

const header = new SideHeader();
const loss = new CurveCard("side-loss", "Loss", cursor, frame.request, {
  logSwitch: false,
  open: { label: "Show the charts", run: () => send("showCharts", store.run?.id ?? null) },
});
const page = new MessagePage((name) => send(name, store.run?.id ?? null));
(document.getElementById("root") ?? document.body).append(
  element("main", "side", {}, [header.root, loss.root, page.root]),
);

const host = followRun(store, cursor, frame.request);

function draw(): void {
  const { run } = store;
  const described = run !== null && (run.description ?? run.functionDescription) !== null;
  const drawable = described && !host.wrongVersion;
  setShown(header.root, run !== null);
  setShown(loss.root, drawable);
  setShown(page.root, !drawable && !run?.result);
  if (host.wrongVersion) page.showText("Downhill was updated: reload the window to see its charts.");
  else if (!run) page.showEmpty();
  else if (!drawable) page.showLoading(run);
  if (!run) return;
  header.update(run);
  if (!drawable) return;
  loss.update(run.functionDescription ? valuePicture(run) : metricPicture(run, "loss"));
}
