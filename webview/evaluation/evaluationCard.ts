import type { EvaluationPart, ImportancePart, Part, PredictPart } from "../../src/protocol/evaluation";
import { element, setShown, setText } from "../dom";
import { formatCount, formatNumber, formatPercent } from "../format";
import { openRow } from "../host";
import type { Asked, LabLine } from "../labLine";
import { isFinished } from "../parts/status";
import { Tabs } from "../parts/tabs";
import type { RunState } from "../store";
import { createDropdown, setChoices } from "../toolkit";
import { classesView } from "./classes";
import { fitView } from "./fit";
import { importanceView } from "./importance";
import { RowForm } from "./rowForm";
import { valuesView } from "./values";

const partNames: Record<Part, string> = { validation: "Validation", training: "Training", test: "Test" };
const tabs = [
  ["figures", "Figures"],
  ["fit", "Fit"],
  ["worst", "Worst rows"],
  ["importance", "Importance"],
  ["try", "Try a row"],
] as const;
type Tab = (typeof tabs)[number][0];

/** Milliseconds between two evaluations while a run goes on. */
const interval = 1500;

/** How the network does, row by row: asked of the run's lab while the card is seen, and again as the run goes. */
export class EvaluationCard {
  readonly root: HTMLElement;
  private readonly tabs: Tabs<Tab>;
  private readonly readout = element("span", "readout", { role: "status" });
  private readonly message = element("p", "evaluation-message");
  private readonly body = element("div", "evaluation-body");
  private readonly dropdown;
  private readonly form: RowForm;
  private part: Part = "validation";
  private run: RunState | null = null;
  private visible = false;
  private asked: Asked | null = null;
  /** Which question was answered last, and when. */
  private answered: { key: string; at: number } | null = null;
  private timer: number | undefined;
  private evaluation: EvaluationPart | null = null;
  private importance: ImportancePart | null = null;

  constructor(private readonly lab: LabLine) {
    const title = element("h2", "", { id: "evaluation-title" }, ["Evaluation"]);
    this.dropdown = createDropdown("Rows of the evaluation", (value) => {
      this.part = value as Part;
      this.again();
    });
    this.tabs = new Tabs("Parts of the evaluation", tabs, () => this.again());
    this.form = new RowForm((values) => this.predict(values));
    this.root = element("section", "card evaluation-card", { "aria-labelledby": "evaluation-title" }, [
      element("div", "card-head", {}, [
        element("div", "card-title", {}, [title, this.dropdown]),
        this.readout,
      ]),
      this.tabs.root,
      this.message,
      this.body,
    ]);
    this.tabs.control(this.body);
  }

  seen(visible: boolean): void {
    this.visible = visible;
    if (visible) this.ask();
    else this.leave();
  }

  update(run: RunState): void {
    if (run.id !== this.run?.id) {
      this.leave();
      this.answered = null;
      this.evaluation = this.importance = null;
      this.form.clear();
      this.body.replaceChildren();
      setText(this.readout, "");
    }
    this.run = run;
    this.ask();
  }

  /** Asks what the open tab shows, unless it was answered for where the run stands. */
  private ask(): void {
    const { run } = this;
    if (!run || !this.visible || this.asked || (run.progress?.step ?? 0) === 0) return;
    const tab = this.tabs.chosen;
    const key = `${run.id} ${tab} ${this.part} ${run.progress?.step ?? 0} ${run.status}`;
    if (this.answered?.key === key) return;
    const begun = this.answered?.key.startsWith(`${run.id} ${tab} ${this.part} `) ?? false;
    // What is typed is asked for by its own button; importance costs much, and is worked out anew only at the end.
    if (begun && (tab === "try" || (tab === "importance" && !isFinished(run.status)))) return;
    const wait = begun && this.answered ? this.answered.at + interval - Date.now() : 0;
    if (wait > 0 && !isFinished(run.status)) {
      this.timer ??= window.setTimeout(() => {
        this.timer = undefined;
        this.ask();
      }, wait);
      return;
    }
    if (!begun) setText(this.message, "Looking at the rows …");
    const { part } = this;
    const question =
      tab === "importance"
        ? ({ kind: "importance", importance: { part } } as const)
        : tab === "try"
          ? ({ kind: "predict", predict: { values: null } } as const)
          : ({ kind: "evaluate", evaluate: { part } } as const);
    this.asked = this.lab.ask(run.id, question, {
      part: (answer) => {
        if ("evaluation" in answer) this.showEvaluation(answer.evaluation);
        else if ("importances" in answer) this.showImportance(answer.importances);
        else if ("prediction" in answer) this.showForm(answer.prediction);
      },
      done: (failed) => {
        this.asked = null;
        this.answered = { key, at: Date.now() };
        setText(this.message, failed ?? "");
        setShown(this.message, failed !== null);
      },
    });
  }

  private again(): void {
    this.leave();
    this.answered = null;
    this.body.replaceChildren();
    this.draw();
    this.ask();
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asked?.leave();
    this.asked = null;
  }

  private showEvaluation(evaluation: EvaluationPart): void {
    this.evaluation = evaluation;
    this.part = evaluation.part;
    setChoices(
      this.dropdown,
      evaluation.parts.map((part) => [part, partNames[part]]),
      this.part,
    );
    const rows =
      evaluation.rows < evaluation.allRows
        ? `${formatCount(evaluation.rows)} of ${formatCount(evaluation.allRows)} rows`
        : `${formatCount(evaluation.rows)} rows`;
    setText(this.readout, `${rows} · step ${formatCount(evaluation.step)}`);
    this.tabs.setShown("fit", evaluation.fit !== undefined);
    this.draw();
  }

  private showImportance(importance: ImportancePart): void {
    this.importance = importance;
    this.draw();
  }

  private showForm(answer: PredictPart): void {
    this.form.update(answer);
    this.draw();
  }

  private draw(): void {
    const { evaluation, importance } = this;
    const tab = this.tabs.chosen;
    if (tab === "try") return this.replace([this.form.root]);
    if (tab === "importance") {
      if (importance?.part === this.part) this.replace([importanceView(importance)]);
      return;
    }
    if (evaluation?.part !== this.part) return;
    const { classification, regression, fit } = evaluation;
    if (tab === "figures")
      this.replace([...(classification ? classesView(classification) : []), ...valuesView(regression ?? [])]);
    else if (tab === "fit" && fit)
      this.replace([fitView(fit, this.run?.description?.target[0] ?? "", classification?.classes ?? null)]);
    else if (tab === "worst") this.replace([this.worstTable(evaluation)]);
  }

  private replace(children: HTMLElement[]): void {
    setShown(this.message, false);
    // A form that is being filled in stays as it is.
    if (children.length === 1 && this.body.firstChild === children[0]) return;
    const { scrollTop } = this.body;
    this.body.replaceChildren(...children);
    this.body.scrollTop = scrollTop;
  }

  private worstTable({ worst }: EvaluationPart): HTMLElement {
    const head = ["Where", "Actual", "Predicted", "Loss"];
    const rows = worst.map(({ row, line, file, actual, predicted, loss }) => {
      const place = line === null ? `row ${formatCount(row)}` : `line ${formatCount(line)}`;
      const link = element(
        "button",
        "run-link",
        { type: "button", title: `Open ${file ?? "the data file"} there` },
        [place],
      );
      link.addEventListener("click", () => {
        if (this.run && file !== null && line !== null) openRow(this.run.id, file, line);
      });
      return element("tr", "", {}, [
        element("th", "", { scope: "row" }, [line !== null && file !== null ? link : place]),
        element("td", "", {}, [actual]),
        element("td", "", {}, [predicted]),
        element("td", "", {}, [formatNumber(loss)]),
      ]);
    });
    return element("div", "scroll", { tabindex: "0", role: "region", "aria-label": "Worst rows" }, [
      element("table", "figures", {}, [
        element("caption", "visually-hidden", {}, ["The rows with the largest loss, the worst first"]),
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
    ]);
  }

  private predict(values: Record<string, string>): void {
    const { run } = this;
    if (!run) return;
    this.leave();
    this.asked = this.lab.ask(
      run.id,
      { kind: "predict", predict: { values } },
      {
        part: (answer) => {
          if ("prediction" in answer) this.form.update(answer.prediction, this.format());
        },
        done: (failed) => {
          this.asked = null;
          this.form.fail(failed);
        },
      },
    );
  }

  private format(): (value: number) => string {
    return this.run?.description?.task === "classification" ? formatPercent : formatNumber;
  }
}
