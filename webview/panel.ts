/** The panel: charts and controls of one run. This file is wiring only. */
import "./styles/common.css";
import "./styles/panel.css";
import "./styles/cards.css";
import "./styles/evaluation.css";
import "./styles/function.css";
import "./styles/trajectory.css";
import "./styles/change.css";
import "./styles/advice.css";
import { AdviceList } from "./advice/adviceList";
import "./styles/health.css";
import { CardGrid } from "./cards/grid";
import { Cursor } from "./cursor";
import { element, setShown } from "./dom";
import { followRun } from "./followRun";
import { createFrame } from "./frame";
import { applyAdvice, branchFrom, changeRun, connectLayout, keepExplored, openPage, send } from "./host";
import { createCards } from "./panel/cards";
import { Header } from "./panel/header";
import { MessagePage } from "./panel/messagePage";
import { Outcome } from "./panel/outcome";
import { Scrubber } from "./panel/scrubber";
import { followReading } from "./reading";
import { RunStore } from "./store";

const store = new RunStore();
const frame = createFrame(draw);
const cursor = new Cursor(frame.request);
const command = (name: Parameters<typeof send>[0]): void => send(name, store.run?.id ?? null);

const cards = createCards({
  cursor,
  redraw: frame.request,
  keepExplored(action, change) {
    if (store.run) keepExplored(store.run.id, action, change);
  },
});
const keepLayout = connectLayout((layout) => grid.setLayout(layout));
const grid = new CardGrid(cards, keepLayout, frame.request);
const header = new Header(
  command,
  (changes) => {
    if (store.run) changeRun(store.run.id, changes);
  },
  () => grid.menu(),
);
const outcome = new Outcome(command);
const advice = new AdviceList((id, fix, action) => {
  if (store.run) applyAdvice(store.run.id, id, fix, action);
}, openPage);
const scrubber = new Scrubber(cursor, (step) => {
  if (store.run) branchFrom(store.run.id, step);
});
const page = new MessagePage(command);
const main = element("main", "panel", {}, [
  header.root,
  outcome.root,
  advice.root,
  scrubber.root,
  grid.root,
  page.root,
]);
(document.getElementById("root") ?? document.body).append(main);

grid.fitInto(main, [header.root, outcome.root, advice.root, scrubber.root]);

followReading(main);

const host = followRun(store, cursor, frame.request);

function draw(): void {
  const { run } = store;
  const described = run !== null && (run.description ?? run.functionDescription) !== null;
  const drawable = described && !host.wrongVersion;
  setShown(header.root, run !== null);
  setShown(outcome.root, run !== null);
  setShown(advice.root, run !== null && run.advice.length > 0);
  setShown(grid.root, drawable);
  setShown(page.root, (!drawable && run?.result === null) || run === null || host.wrongVersion);
  if (host.wrongVersion) page.showText("Downhill was updated: reload the window to see its charts.");
  else if (!run) page.showEmpty();
  else if (!drawable) page.showLoading(run);
  if (run) {
    header.update(run);
    outcome.update(run);
    advice.update(run);
  }
  if (!drawable) {
    setShown(scrubber.root, false);
    grid.hide();
    return;
  }
  grid.root.classList.toggle("of-function", run.functionDescription !== null);
  scrubber.update(run);
  grid.update(run);
}
