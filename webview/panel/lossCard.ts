import type { Cursor } from "../cursor";
import { CurveCard } from "../charts/curveCard";
import { metricPicture, valuePicture, type ExploredSeries } from "../charts/curves";
import { setShown, setText } from "../dom";
import { metricLabel, metricsOf, type MetricName } from "../metrics";
import type { RunState } from "../store";
import { createDropdown, setChoices, type Dropdown } from "../toolkit";

/** The loss, or at choice another metric, against steps. */
export class LossCard {
  readonly card: CurveCard;
  private readonly dropdown: Dropdown;
  private metric: MetricName = "loss";

  get root(): HTMLElement {
    return this.card.root;
  }

  constructor(cursor: Cursor, redraw: () => void) {
    this.card = new CurveCard("loss", "Loss", cursor, redraw, { smoothing: true });
    this.dropdown = createDropdown("Metric of the chart", (value) => {
      this.metric = value as MetricName;
      redraw();
    });
    this.card.heading.append(this.dropdown);
  }

  /** A function has one value and no metrics to choose from. */
  updateFunction(run: RunState, explored: ExploredSeries | null): void {
    setShown(this.dropdown, false);
    setText(this.card.title, "Value of f");
    this.card.title.classList.remove("visually-hidden");
    this.card.update(valuePicture(run, explored));
  }

  update(run: RunState): void {
    this.card.title.classList.add("visually-hidden");
    const known = metricsOf(run.description?.task ?? "classification");
    if (!known.includes(this.metric)) this.metric = "loss";
    setShown(this.dropdown, true);
    setChoices(
      this.dropdown,
      known.map((metric) => [metric, metricLabel(metric)]),
      this.metric,
    );
    setText(this.card.title, metricLabel(this.metric));
    this.card.update(metricPicture(run, this.metric, this.card.smoothing));
  }
}
