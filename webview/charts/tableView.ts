import { element } from "../dom";
import { formatNumber } from "../format";
import { tableRows, type TableCurve } from "./chartTable";
import type { XAxis } from "./xAxis";

const MOST_ROWS = 100;
/** Milliseconds between two tables while a run goes on: rows that change all the time cannot be read. */
const REST = 1000;

/** A chart as a table. */
export class TableView {
  readonly root: HTMLElement;
  private drawn = "";
  private drawnAt = 0;
  private timer: number | undefined;

  constructor(
    private readonly title: string,
    private readonly redraw: () => void,
  ) {
    this.root = element("div", "value-table", {
      tabindex: "0",
      role: "region",
      "aria-label": `${title} as a table`,
    });
  }

  update(curves: readonly TableCurve[], range: readonly [number, number], axis: XAxis): void {
    const state = JSON.stringify([
      range,
      axis.kind,
      curves.map(({ label, points }) => [label, points.x.length, points.x.at(-1)]),
    ]);
    if (state === this.drawn) return;
    const wait = this.drawnAt + REST - Date.now();
    if (wait > 0 && this.drawn !== "") {
      this.timer ??= window.setTimeout(() => {
        this.timer = undefined;
        this.redraw();
      }, wait);
      return;
    }
    this.drawn = state;
    this.drawnAt = Date.now();
    const head = [axis.label, ...curves.map(({ label }) => label)];
    const rows = tableRows(curves, range, MOST_ROWS).map(({ step, values }) =>
      element("tr", "", {}, [
        element("th", "", { scope: "row" }, [axis.formatTick(axis.toX(step))]),
        ...values.map((value) => element("td", "", {}, [formatNumber(value)])),
      ]),
    );
    const { scrollTop } = this.root;
    this.root.replaceChildren(
      element("table", "", {}, [
        element("caption", "visually-hidden", {}, [this.title]),
        element("thead", "", {}, [
          element(
            "tr",
            "",
            {},
            head.map((text) => element("th", "", { scope: "col" }, [text])),
          ),
        ]),
        element("tbody", "", {}, rows),
      ]),
    );
    this.root.scrollTop = scrollTop;
  }
}
