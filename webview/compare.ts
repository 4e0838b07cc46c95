/** The view that compares runs: their curves in one chart, what they reached and what differs. Wiring only. */
import "./styles/common.css";
import "./styles/panel.css";
import "./styles/cards.css";
import "./styles/function.css";
import "./styles/compare.css";
import type { Comparison } from "../src/protocol/comparison";
import { CurveCard } from "./charts/curveCard";
import {
  curveChoices,
  gradientCurves,
  metricCurves,
  type CurveChoice,
  type LabelledRun,
  type RunGroup,
} from "./compare/comparedCurves";
import { RaceMap } from "./compare/raceMap";
import { RunTable } from "./compare/runTable";
import { seedGroups } from "./compare/seedGroups";
import { FEWEST, SpreadCard } from "./compare/spread";
import { Cursor } from "./cursor";
import { element, setShown, setText } from "./dom";
import { createFrame } from "./frame";
import { icon } from "./icons";
import { connectComparison } from "./host";
import { isFinished } from "./parts/status";
import { runState } from "./store";
import { onThemeChange } from "./theme";
import { menuButton } from "./parts/menu";
import { createButton, createCheckbox, createDropdown, reapplyToolkitTheme, setChoices } from "./toolkit";

let comparison: Comparison | null = null;
let runs: LabelledRun[] = [];
let choice: CurveChoice = "loss";
let overSeeds = true;

const frame = createFrame(draw);
const cursor = new Cursor(frame.request);
const title = element("h1", "run-name");
const metric = new CurveCard("compared-metric", "Loss", cursor, frame.request);
const gradient = new CurveCard("compared-gradient", "Gradient norm", cursor, frame.request, {
  smoothing: true,
});
for (const card of [metric, gradient]) {
  const title = `More of ${card.title.textContent}`;
  const more = element("button", "card-button more", { type: "button", "aria-label": title, title }, [
    icon("more"),
  ]);
  menuButton(more, title, () => card.menu());
  card.root.querySelector(".card-head")?.append(more);
}
const map = new RaceMap(cursor, frame.request);
const spread = new SpreadCard(frame.request);
const key = element("p", "line-key", {}, ["Validation solid, training dashed."]);
const seeds = createCheckbox("Mean over seeds", overSeeds, (checked) => {
  overSeeds = checked;
  frame.request();
});
seeds.title =
  "Draw runs that differ in their seed alone as their mean, with one standard deviation to either side";
const dropdown = createDropdown("Metric of the chart", (value) => {
  choice = value as CurveChoice;
  frame.request();
});
metric.heading.append(dropdown);
metric.title.classList.add("visually-hidden");

onThemeChange(() => {
  reapplyToolkitTheme();
  frame.request();
});
const host = connectComparison(
  ({ comparison: told }) => {
    comparison = told;
    runs = told.runs.map(({ label, snapshot }) => ({ label, state: runState(snapshot) }));
    frame.request();
  },
  () => setText(title, "Downhill was updated: close this view and compare again."),
);
const stop = createButton({
  label: "Stop All",
  icon: "stop",
  appearance: "secondary",
  tooltip: "Stop the runs that go on and keep what they reached",
  onClick: () => host.stop(),
});
const table = new RunTable((run) => host.open(run));
const charts = element("section", "charts", { "aria-label": "Charts" }, [
  map.root,
  metric.root,
  gradient.root,
  spread.root,
]);
const main = element("main", "panel compare", {}, [
  element("header", "header compared-header", {}, [title, key, seeds, stop]),
  charts,
  table.root,
]);
(document.getElementById("root") ?? document.body).append(main);

function draw(): void {
  setShown(charts, comparison !== null);
  setShown(
    stop,
    runs.some(({ state }) => !isFinished(state.status)),
  );
  if (!comparison) return;
  const { name } = comparison;
  setText(title, name === null ? `${runs.length} runs compared` : `${name} · ${runs.length} runs`);
  const choices = curveChoices(runs);
  if (!choices.some(([value]) => value === choice) && choices.length > 0) choice = choices[0][0];
  setChoices(dropdown, choices, choice);
  const label = choices.find(([value]) => value === choice)?.[1] ?? "Loss";
  setText(metric.title, label);
  const groups = groupsOf(comparison);
  const seeded = seedGroups(comparison).some((places) => places.length > 1);
  setShown(seeds, seeded);
  const picture = metricCurves(groups, choice, label);
  setShown(
    key,
    picture.curves.some((curve) => curve.with !== undefined),
  );
  drawMap();
  drawSpread(label);
  metric.update(picture);
  gradient.update(gradientCurves(groups, gradient.smoothing));
  table.update(
    comparison,
    runs.map(({ state }) => groups.find((group) => group.runs.includes(state))?.place ?? 0),
  );
}

/** A line each, or one for those that differ in their seed alone. */
function groupsOf(told: Comparison): RunGroup[] {
  const groups = overSeeds ? seedGroups(told) : runs.map((_, place) => [place]);
  return groups.map((places, place) => ({
    place,
    label:
      places.length === 1
        ? runs[places[0]].label
        : `${told.runs[places[0]].snapshot.name}, ${places.length} seeds`,
    runs: places.map((at) => runs[at].state),
  }));
}

/** Runs on one and the same function are seen on its map. */
function drawMap(): void {
  const functions = new Set(
    runs.map(({ state: { functionDescription } }) => {
      const { expression, variables } = functionDescription?.function ?? { expression: null, variables: [] };
      return expression === null ? null : `${expression} of ${variables.join()}`;
    }),
  );
  const shown = functions.size === 1 && !functions.has(null);
  charts.classList.toggle("of-function", shown);
  setShown(map.root, shown);
  const starts = runs.every(({ label }) => /^start \d+$/.test(label));
  if (shown) map.update(runs, starts);
}

/** Many ends are more than a table can show. */
function drawSpread(label: string): void {
  const ended = runs.flatMap(({ label: run, state }, place) => {
    const epochs = state.epochs.get(`validation.${choice}`) ?? state.epochs.get(`training.${choice}`);
    const value = choice === "steps" ? state.loss.lastY : (epochs?.lastY ?? NaN);
    return isFinished(state.status) && Number.isFinite(value) ? [{ label: run, value, place }] : [];
  });
  const shown = runs.length >= FEWEST && ended.length > 1;
  charts.classList.toggle("with-spread", shown);
  setShown(spread.root, shown);
  if (shown) spread.update(label, ended);
}
