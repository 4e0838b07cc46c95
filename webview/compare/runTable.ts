import type { Comparison } from "../../src/protocol/comparison";
import { css } from "../colour";
import { element } from "../dom";
import { formatNumber } from "../format";
import { lineSample, styleLineSample } from "../icons";
import { metricInfo, metricLabel, metricsOf } from "../metrics";
import { statusInfo } from "../parts/status";
import { runColour } from "./runLook";

/** What the compared runs reached and in which settings they differ, a row each. */
export class RunTable {
  readonly root = element("section", "runs-table", { "aria-label": "Compared runs" });
  private drawn = "";

  constructor(private readonly open: (run: string) => void) {}

  /** @param places of each run's line among those of the charts */
  update(comparison: Comparison, places: readonly number[]): void {
    const { keys, runs } = comparison;
    const tasks = new Set(
      runs.flatMap(({ snapshot: { description } }) =>
        description && !description.function ? description.task : [],
      ),
    );
    const functions = runs.some(({ snapshot }) => snapshot.description?.function);
    const metrics = [...tasks].flatMap(metricsOf).filter((name, i, all) => all.indexOf(name) === i);
    const state = JSON.stringify([
      keys,
      places,
      runs.map(({ label, settings, snapshot }) => [
        label,
        settings,
        snapshot.status,
        snapshot.progress?.step,
      ]),
    ]);
    if (state === this.drawn) return;
    this.drawn = state;
    const head = element("tr", "", {}, [
      ...["Run", "Status", ...metrics.map(metricLabel), ...(functions ? ["Value"] : []), "Steps"].map(
        heading,
      ),
      ...keys.map(heading),
    ]);
    const rows = runs.map(({ label, settings, snapshot }, place) => {
      const sample = lineSample();
      styleLineSample(sample, { dash: [], width: 2, colour: css(runColour(places[place])) });
      const name = element("button", "run-link", { type: "button", title: "Open the charts of this run" }, [
        sample,
        `${places[place] + 1} · ${label}`,
      ]);
      name.addEventListener("click", () => this.open(snapshot.id));
      const figures = snapshot.progress?.validation ?? snapshot.progress?.training;
      const cells = [
        statusInfo(snapshot.status).label,
        ...metrics.map((metric) => metricInfo(metric).format(figures?.[metric])),
        ...(functions ? [formatNumber(snapshot.progress?.function?.value)] : []),
        (snapshot.progress?.step ?? 0).toLocaleString("en"),
        ...settings.map((value) => value ?? "–"),
      ];
      return element("tr", "", {}, [
        element("th", "", { scope: "row" }, [name]),
        ...cells.map((text) => element("td", "", {}, [text])),
      ]);
    });
    const caption = element("caption", "", {}, [
      "Figures of the validation rows where there are any, else of the training rows.",
    ]);
    const table = element("table", "", {}, [
      caption,
      element("thead", "", {}, [head]),
      element("tbody", "", {}, rows),
    ]);
    this.root.replaceChildren(table);
  }
}

function heading(text: string): HTMLElement {
  return element("th", "", { scope: "col" }, [text]);
}
