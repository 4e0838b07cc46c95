import type { FunctionDescription } from "../../src/protocol/run";
import { element, setShown, setText } from "../dom";
import { formatCount, formatDuration, formatNumber, NONE } from "../format";
import { metricInfo, type MetricName } from "../metrics";
import { ProgressBar } from "../parts/progressBar";
import { isFinished, StatusBadge } from "../parts/status";
import type { RunState } from "../store";

/** Name, status, progress, and the loss and the leading metric in large figures. */
export class SideHeader {
  readonly root: HTMLElement;
  private readonly name = element("h1", "run-name");
  private readonly status = new StatusBadge();
  private readonly progress = new ProgressBar();
  private readonly where = element("p", "where");
  private readonly figures = element("dl", "figures");
  private readonly loss = figure();
  private readonly metric = figure();
  private readonly failure = element("p", "failure");

  constructor() {
    this.figures.append(this.loss.root, this.metric.root);
    this.root = element("header", "header", {}, [
      element("div", "title", {}, [this.name, this.status.root]),
      this.progress.root,
      this.where,
      this.figures,
      this.failure,
    ]);
  }

  update(run: RunState): void {
    const { progress, result, status } = run;
    const description = run.description ?? run.functionDescription;
    setText(this.name, run.name);
    this.name.title = run.name;
    this.status.update(status);
    const done = description && progress ? progress.step / Math.max(1, description.totalSteps) : null;
    this.progress.update(
      status === "loading" ? null : (done ?? 0),
      status === "loading" || status === "running",
    );
    const failed = status === "failed" || status === "diverged";
    setShown(this.figures, description !== null && !failed);
    setShown(this.where, description !== null);
    if (run.functionDescription) this.updateFunction(run, run.functionDescription);
    else if (run.description) {
      const { description } = run;
      const epoch = `Epoch ${formatCount(progress?.epoch ?? result?.epochs ?? 0)} / ${formatCount(description.epochs)}`;
      const left = formatDuration(progress?.secondsLeft);
      setText(this.where, isFinished(status) || left === NONE ? epoch : `${epoch} · ${left} left`);
      const lead: MetricName = description.task === "classification" ? "accuracy" : "r2";
      const validation = result?.validation ?? progress?.validation ?? null;
      const values = validation ?? result?.training ?? progress?.training ?? null;
      const part = validation ? "Validation" : "Training";
      for (const [target, metric] of [
        [this.loss, "loss"],
        [this.metric, lead],
      ] as const) {
        const info = metricInfo(metric);
        setText(
          target.label,
          `${part} ${metric === lead && metric === "r2" ? info.label : info.label.toLowerCase()}`,
        );
        setText(target.value, info.format(values?.[metric]));
      }
    }
    setShown(this.failure, failed && result !== null);
    const message = failed ? (result?.message ?? "") : "";
    setText(this.failure, message);
    this.failure.title = message;
    this.failure.dataset["status"] = status;
  }

  private updateFunction({ progress, result, status }: RunState, description: FunctionDescription): void {
    const step = `Step ${formatCount(progress?.step ?? result?.steps ?? 0)} / ${formatCount(description.totalSteps)}`;
    const left = formatDuration(progress?.secondsLeft);
    setText(this.where, isFinished(status) || left === NONE ? step : `${step} · ${left} left`);
    const state = result?.function ?? progress?.function;
    setText(this.loss.label, "Value");
    setText(this.loss.value, formatNumber(state?.value));
    setText(this.metric.label, "Gradient norm");
    setText(this.metric.value, formatNumber(state?.gradientNorm));
  }
}

interface Figure {
  root: HTMLElement;
  label: HTMLElement;
  value: HTMLElement;
}

function figure(): Figure {
  const label = element("dt");
  const value = element("dd");
  return { root: element("div", "figure", {}, [value, label]), label, value };
}
