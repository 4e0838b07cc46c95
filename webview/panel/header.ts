import type { FunctionDescription, RunDescription } from "../../src/protocol/run";
import type { SettingChange } from "../../src/protocol/changes";
import type { ViewCommand } from "../../src/protocol/webview";
import { ChangeForm } from "../change/changeForm";
import { element, setAttribute, setShown, setText } from "../dom";
import { formatCount, formatDuration, formatRate, formatTick } from "../format";
import { icon } from "../icons";
import { menuButton, type MenuItem } from "../parts/menu";
import { ProgressBar } from "../parts/progressBar";
import { isFinished, needsMending, StatusBadge } from "../parts/status";
import type { RunState } from "../store";
import { createButton } from "../toolkit";
import { Controls } from "./controls";
import { modelItems } from "./modelMenu";

/** Name, status, controls, how far the run is and how fast it goes. */
export class Header {
  readonly root: HTMLElement;
  private readonly name = element("h1", "run-name");
  private readonly status = new StatusBadge();
  private readonly controls: Controls;
  private readonly changes: ChangeForm;
  private readonly about = element("p", "about");
  private readonly aboutRow: HTMLElement;
  private readonly progress = new ProgressBar();
  private readonly facts = element("dl", "run-facts");
  private readonly values = new Map<string, { root: HTMLElement; value: HTMLElement }>();

  private modelItems: () => MenuItem[] = () => [];
  private readonly model = element(
    "button",
    "card-button",
    {
      type: "button",
      "aria-label": "Model",
      title: "Export the model, predict with it, branch from the run",
    },
    [icon("export")],
  );

  constructor(
    private readonly send: (command: ViewCommand) => void,
    change: (changes: SettingChange[]) => void,
    cards: () => MenuItem[],
  ) {
    this.controls = new Controls(send);
    this.changes = new ChangeForm(change);
    this.controls.root.append(this.changes.button);
    const choose = element(
      "button",
      "card-button",
      { type: "button", "aria-label": "Cards", title: "Show, hide and reset cards" },
      [icon("layout")],
    );
    menuButton(choose, "Cards", cards);
    menuButton(this.model, "Model", () => this.modelItems());
    const links = element("div", "links", {}, [
      choose,
      this.model,
      createButton({
        icon: "file",
        appearance: "icon",
        tooltip: "Open the run config",
        onClick: () => send("openConfig"),
      }),
      createButton({
        icon: "folder",
        appearance: "icon",
        tooltip: "Show the run's folder",
        onClick: () => send("openFolder"),
      }),
    ]);
    const title = element("div", "title", {}, [this.name, this.status.root]);
    for (const label of ["Epoch", "Step", "Speed", "Trained for", "Time left"]) this.addFact(label);
    this.aboutRow = element("div", "about-row", {}, [this.about, links]);
    this.root = element("header", "header", {}, [
      element("div", "header-top", {}, [title, this.controls.root]),
      this.aboutRow,
      this.progress.root,
      this.facts,
    ]);
  }

  update(run: RunState): void {
    setText(this.name, run.name);
    setAttribute(this.name, "title", run.name);
    this.status.update(run.status);
    this.controls.update(run.status, needsMending(run), canGoOn(run));
    this.changes.update(run);
    const { progress, status, result } = run;
    const description = run.description ?? run.functionDescription;
    const about = run.functionDescription
      ? describeFunction(run.functionDescription)
      : run.description
        ? describe(run.description)
        : "";
    setText(this.about, about);
    setAttribute(this.about, "title", about);
    setShown(this.aboutRow, description !== null);
    const loading = status === "loading";
    setShown(this.progress.root, loading || description !== null);
    const done = description && progress ? progress.step / Math.max(1, description.totalSteps) : null;
    this.progress.update(loading ? null : (done ?? 0), loading || status === "running");
    setShown(this.facts, description !== null && !loading);
    const step = progress?.step ?? result?.steps ?? 0;
    const epoch = progress?.epoch ?? result?.epochs ?? 0;
    const seconds = progress?.trainingSeconds ?? result?.trainingSeconds ?? null;
    this.modelItems = () => modelItems(description, step, this.send);
    setShown(this.model, this.modelItems().length > 0);
    const epochs = run.functionDescription ? null : formatCount(run.description?.epochs ?? 0);
    this.setFact("Epoch", epochs === null ? null : `${formatCount(epoch)} / ${epochs}`);
    this.setFact("Step", `${formatCount(step)} / ${formatCount(description?.totalSteps ?? 0)}`);
    const speed = formatRate(result?.samplesPerSecond ?? progress?.samplesPerSecond);
    this.setFact("Speed", run.functionDescription ? null : speed);
    this.setFact(
      "Trained for",
      isFinished(status) && !run.functionDescription ? formatDuration(seconds) : null,
    );
    this.setFact("Time left", isFinished(status) ? null : formatDuration(progress?.secondsLeft));
  }

  private addFact(label: string): void {
    const value = element("dd");
    const root = element("div", "fact", {}, [element("dt", "", {}, [label]), value]);
    this.values.set(label, { root, value });
    this.facts.append(root);
  }

  private setFact(label: string, text: string | null): void {
    const fact = this.values.get(label);
    if (!fact) return;
    setShown(fact.root, text !== null);
    setText(fact.value, text ?? "");
  }
}

/** "f(x, y) = x² + y² · sgd, learning rate 0.1 · from (1, 2)". */
function describeFunction({ function: facts, optimizer, learningRate }: FunctionDescription): string {
  const { variables, expression, start } = facts;
  const names = variables.length > 4 ? `${variables.slice(0, 3).join(", ")}, …` : variables.join(", ");
  const from = start.slice(0, 4).map((value) => formatTick(Number(value.toPrecision(4))));
  return [
    `f(${names}) = ${expression}`,
    `${optimizer}, learning rate ${formatTick(learningRate)}`.replaceAll(" ", "\u00a0"),
    `from (${[...from, ...(start.length > 4 ? ["…"] : [])].join(", ")})`.replaceAll(" ", "\u00a0"),
  ].join(" · ");
}

/** "Classification of species · 4 → 16 → 3 (131 parameters) · adam, learning rate 0.01 · …", the most telling part first. */
function describe(description: RunDescription): string {
  const { task, target, layers, parameters, optimizer, learningRate, batchSize, rows } = description;
  const targets =
    target.length > 3 ? `${target.slice(0, 2).join(", ")} and ${target.length - 2} more` : target.join(", ");
  const full = batchSize >= rows.training;
  const together = (text: string): string => text.replaceAll(" ", "\u00a0");
  return [
    `${task === "classification" ? "Classification" : "Regression"} of ${targets}`,
    `${layers.map(formatCount).join(" → ")} (${formatCount(parameters)} parameters)`,
    `${optimizer}, ${together(`learning rate ${formatTick(learningRate)}`)}`,
    together(full ? "full batch" : `batches of ${formatCount(batchSize)}`),
    together(`${formatCount(rows.training)} training rows`) +
      (rows.validation ? `, ${formatCount(rows.validation)} validation` : "") +
      (rows.test ? `, ${formatCount(rows.test)} test` : ""),
  ].join(" · ");
}

/** Whether a run was cut off or stopped and can be resumed: one that is kept. */
function canGoOn({ status, description, functionDescription }: RunState): boolean {
  const unfinished = status === "interrupted" || status === "stopped";
  return unfinished && typeof (description ?? functionDescription)?.folder === "string";
}
