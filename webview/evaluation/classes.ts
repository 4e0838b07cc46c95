/** What an evaluation of classes shows: the confusion matrix, figures of each class, and curves. */
import type { ClassificationReport } from "../../src/protocol/evaluation";
import { runColour } from "../compare/runLook";
import { element } from "../dom";
import { formatCount, formatNumber, formatPercent } from "../format";
import { SvgPlot } from "./svg";

/** A larger matrix is no picture any more. */
const MOST_CLASSES = 20;

export function classesView(report: ClassificationReport): HTMLElement[] {
  const { binary } = report;
  return [
    ...(report.classes.length <= MOST_CLASSES ? [figure("Confusion matrix", confusionTable(report))] : []),
    figure("By class", classTable(report)),
    ...(binary && binary.auc !== null
      ? [
          figure(
            `ROC, area ${formatNumber(binary.auc, 3)}`,
            new SvgPlot({
              label: `Receiver operating characteristic of ${report.classes[1]}; the area under it is ${formatNumber(binary.auc, 3)}.`,
              x: [0, 1],
              y: [0, 1],
              xLabel: "false positive rate",
              yLabel: "true positive rate",
            })
              .line([0, 1], [0, 1], "svg-reference")
              .line(binary.roc.x, binary.roc.y, "svg-line").root,
          ),
          figure(
            `Precision and recall, average precision ${formatNumber(binary.averagePrecision, 3)}`,
            new SvgPlot({
              label: `Precision against recall of ${report.classes[1]}; the average precision is ${formatNumber(binary.averagePrecision, 3)}.`,
              x: [0, 1],
              y: [0, 1],
              xLabel: "recall",
              yLabel: "precision",
            }).line(binary.precisionRecall.x, binary.precisionRecall.y, "svg-line").root,
          ),
        ]
      : []),
    figure(`Calibration, error ${formatPercent(report.calibrationError)}`, calibrationPlot(report)),
  ];
}

export function figure(title: string, body: Element): HTMLElement {
  return element("figure", "evaluation-figure", {}, [element("figcaption", "", {}, [title]), body]);
}

function confusionTable({ classes, confusion, perClass }: ClassificationReport): HTMLElement {
  const n = classes.length;
  const cell = (i: number, k: number): HTMLElement => {
    const count = confusion[i * n + k];
    const share = perClass[i].support > 0 ? count / perClass[i].support : 0;
    const right = i === k;
    const title = `${formatCount(count)} of ${formatCount(perClass[i].support)} rows of ${classes[i]} were taken for ${classes[k]} (${formatPercent(share)}).`;
    const node = element("td", right ? "hit" : "miss", { title, tabindex: "-1" }, [formatCount(count)]);
    // Shades are of CSS's own making; only how much is told.
    node.style.setProperty("--share", `${Math.round(100 * share)}%`);
    return node;
  };
  return element("div", "scroll", { tabindex: "0", role: "region", "aria-label": "Confusion matrix" }, [
    element("table", "confusion", {}, [
      element("thead", "", {}, [
        element("tr", "", {}, [
          element("th", "corner", { scope: "col" }, ["true ↓ predicted →"]),
          ...classes.map((name) => element("th", "", { scope: "col", title: name }, [name])),
        ]),
      ]),
      element(
        "tbody",
        "",
        {},
        classes.map((name, i) =>
          element("tr", "", {}, [
            element("th", "", { scope: "row", title: name }, [name]),
            ...classes.map((_, k) => cell(i, k)),
          ]),
        ),
      ),
    ]),
  ]);
}

function classTable({ classes, perClass }: ClassificationReport): HTMLElement {
  const head = ["Class", "Precision", "Recall", "F1", "Rows"];
  const mean = (of: (figures: (typeof perClass)[number]) => number | null): number =>
    perClass.reduce((sum, figures) => sum + (of(figures) ?? 0), 0) / perClass.length;
  const row = (name: string, cells: string[], className = ""): HTMLElement =>
    element("tr", className, {}, [
      element("th", "", { scope: "row", title: name }, [name]),
      ...cells.map((text) => element("td", "", {}, [text])),
    ]);
  return element("div", "scroll", { tabindex: "0", role: "region", "aria-label": "Figures by class" }, [
    element("table", "figures", {}, [
      element("thead", "", {}, [
        element(
          "tr",
          "",
          {},
          head.map((text) => element("th", "", { scope: "col" }, [text])),
        ),
      ]),
      element("tbody", "", {}, [
        ...perClass.map(({ precision, recall, f1, support }, i) =>
          row(classes[i], [
            formatPercent(precision),
            formatPercent(recall),
            formatPercent(f1),
            formatCount(support),
          ]),
        ),
        row(
          "mean of the classes",
          [
            formatPercent(mean(({ precision }) => precision)),
            formatPercent(mean(({ recall }) => recall)),
            formatPercent(mean(({ f1 }) => f1)),
            formatCount(perClass.reduce((sum, { support }) => sum + support, 0)),
          ],
          "sum",
        ),
      ]),
    ]),
  ]);
}

function calibrationPlot({ calibration, calibrationError }: ClassificationReport): Element {
  const { confidence, accuracy, count } = calibration;
  const bins = [...count.keys()].filter((bin) => count[bin] > 0);
  return new SvgPlot({
    label: `How often the network is right against how sure it is; the expected calibration error is ${formatPercent(calibrationError)}.`,
    x: [0, 1],
    y: [0, 1],
    xLabel: "probability of the predicted class",
    yLabel: "share that is right",
  })
    .line([0, 1], [0, 1], "svg-reference")
    .line(
      bins.map((bin) => confidence[bin]),
      bins.map((bin) => accuracy[bin]),
      "svg-line",
    )
    .points(
      bins.map((bin) => ({
        x: confidence[bin],
        y: accuracy[bin],
        title: `${formatCount(count[bin])} rows: ${formatPercent(confidence[bin])} sure, ${formatPercent(accuracy[bin])} right`,
      })),
      0,
      runColour(0),
    ).root;
}
