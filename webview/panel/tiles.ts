import type { Baseline, Metrics } from "../../src/protocol/run";
import { element, setAttribute, setShown, setText } from "../dom";
import { icon, setIcon } from "../icons";
import { beats, metricInfo, metricsOf, type MetricName } from "../metrics";
import { isFinished } from "../parts/status";
import type { RunState } from "../store";

type Part = "training" | "validation" | "test";

const parts: [Part, string][] = [
  ["validation", "Validation"],
  ["training", "Training"],
  ["test", "Test"],
];

/** One tile for each metric: the values now, and whether they beat a model that has learned nothing. */
export class Tiles {
  private readonly list = element("div", "tiles");
  readonly root = element("section", "metrics-card", { "aria-label": "Metrics" }, [this.list]);
  private tiles: Tile[] = [];
  private key = "";

  update(run: RunState): void {
    const { description, progress, result } = run;
    if (!description) return;
    const key = `${run.id} ${description.task}`;
    if (key !== this.key) {
      this.key = key;
      const unit =
        description.target.length === 1
          ? description.target[0]
          : `mean of ${description.target.length} targets`;
      this.tiles = metricsOf(description.task).map((metric) => new Tile(metric, unit));
      this.list.dataset["count"] = String(this.tiles.length);
      this.list.replaceChildren(...this.tiles.map((tile) => tile.root));
    }
    const values: Record<Part, Metrics | null> = {
      training: result?.training ?? progress?.training ?? null,
      validation: result?.validation ?? progress?.validation ?? null,
      test: result?.test ?? null,
    };
    for (const tile of this.tiles) tile.update(values, description.baseline, isFinished(run.status));
  }
}

class Tile {
  readonly root: HTMLElement;
  private readonly rows = new Map<Part, { root: HTMLElement; value: HTMLElement }>();
  private readonly verdict = element("p", "verdict");
  private readonly verdictIcon = icon("check");
  private readonly verdictText = document.createTextNode("");
  private readonly verdictValue = element("span", "bar");
  private readonly model = element("span", "model");

  constructor(
    private readonly metric: MetricName,
    unit: string,
  ) {
    const info = metricInfo(metric);
    const heading = element("h2", "", { title: info.tooltip }, [info.label]);
    if (info.units) heading.append(element("span", "unit", { title: unit }, [unit]));
    const list = element("dl");
    for (const [part, label] of parts) {
      const value = element("dd");
      const root = element("div", `value ${part}`, {}, [value, element("dt", "", {}, [label])]);
      this.rows.set(part, { root, value });
      list.append(root);
    }
    const words = element("span", "words", {}, [this.verdictIcon, this.verdictText, this.verdictValue]);
    this.verdict.append(words, this.model);
    const body = element("div", "tile-body", {}, [heading, list, this.verdict]);
    this.root = element("div", "tile", { "data-metric": metric }, [body]);
  }

  update(values: Record<Part, Metrics | null>, baseline: Baseline, finished: boolean): void {
    const info = metricInfo(this.metric);
    for (const [part, row] of this.rows) {
      // Training is always there, so that a tile does not change its shape when the first epoch ends.
      setShown(row.root, values[part] !== null || part === "training");
      setText(row.value, info.format(values[part]?.[this.metric]));
    }
    const watched: Part = values.validation ? "validation" : "training";
    const reference =
      (watched === "validation" ? baseline.validation : baseline.training) ?? baseline.training;
    const bar = reference[this.metric];
    const won = beats(this.metric, values[watched]?.[this.metric], bar);
    setShown(this.verdict, bar !== null && bar !== undefined);
    const judged = won === true || (won === false && finished);
    setIcon(this.verdictIcon, won ? "check" : "warning");
    this.verdict.dataset["won"] = judged ? String(won) : "open";
    const model = baseline.kind === "mean" ? "the mean" : `always ${baseline.label}`;
    // A run that has only begun owes nothing yet.
    const verb = won ? "Beats " : judged ? "No better than " : "Baseline ";
    if (this.verdictText.data !== verb) this.verdictText.data = verb;
    setText(this.verdictValue, info.format(bar));
    setText(this.model, `(${model})`);
    const exactly =
      baseline.kind === "mean"
        ? `the training mean, ${baseline.label}`
        : `answering ${baseline.label} for every row`;
    const others = parts
      .map(([part, label]) => [label, part === "test" ? undefined : baseline[part]?.[this.metric]] as const)
      .filter(([, value]) => typeof value === "number")
      .map(([label, value]) => `${label.toLowerCase()} ${info.format(value)}`);
    setAttribute(
      this.verdict,
      "title",
      `A model that has learned nothing, ${exactly}: ${others.join(", ")}.`,
    );
  }
}
