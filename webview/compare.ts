/** The view that compares runs: their curves in one chart, what they reached and what differs. Wiring only. */
import "./styles/common.css";
import "./styles/panel.css";
import "./styles/compare.css";
import type { Comparison } from "../src/protocol/comparison";
import { CurveCard } from "./charts/curveCard";
import {
  curveChoices,
  gradientCurves,
  metricCurves,
  type CurveChoice,
  type LabelledRun,
} from "./compare/comparedCurves";
import { RunTable } from "./compare/runTable";
import { Cursor } from "./cursor";
import { element, setShown, setText } from "./dom";
import { createFrame } from "./frame";
import { connectComparison } from "./host";
import { runState } from "./store";
import { onThemeChange } from "./theme";
import { createDropdown, reapplyToolkitTheme, setChoices } from "./toolkit";

let comparison: Comparison | null = null;
let runs: LabelledRun[] = [];
let choice: CurveChoice = "validation.loss";

const frame = createFrame(draw);
const cursor = new Cursor(frame.request);
const title = element("h1", "run-name");
const metric = new CurveCard("compared-metric", "Loss", cursor, frame.request);
const gradient = new CurveCard("compared-gradient", "Gradient norm", cursor, frame.request);
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
const table = new RunTable((run) => host.open(run));
const charts = element("section", "charts", { "aria-label": "Charts" }, [metric.root, gradient.root]);
const main = element("main", "panel compare", {}, [
  element("header", "header", {}, [title]),
  charts,
  table.root,
]);
(document.getElementById("root") ?? document.body).append(main);

function draw(): void {
  setShown(charts, comparison !== null);
  if (!comparison) return;
  setText(title, `${comparison.runs.length} runs compared`);
  const choices = curveChoices(runs);
  if (!choices.some(([value]) => value === choice) && choices.length > 0) choice = choices[0][0];
  setChoices(dropdown, choices, choice);
  const label = choices.find(([value]) => value === choice)?.[1] ?? "Loss";
  setText(metric.title, label);
  metric.update(metricCurves(runs, choice, label));
  gradient.update(gradientCurves(runs));
  table.update(comparison);
}
