/** What an evaluation of a regression shows: predicted against actual, and how the residuals are spread. */
import type { RegressionReport } from "../../src/protocol/evaluation";
import { runColour } from "../compare/runLook";
import { formatCount, formatNumber } from "../format";
import { figure } from "./classes";
import { limitsAround, SvgPlot } from "./svg";

export function valuesView(reports: readonly RegressionReport[]): HTMLElement[] {
  return reports.flatMap((report) => {
    const { target, actual, predicted, histogram } = report;
    const both = limitsAround([...actual, ...predicted]);
    const most = Math.max(...histogram.counts);
    const { edges, counts } = histogram;
    const name = reports.length > 1 ? `${target}: ` : "";
    return [
      figure(
        `${name}Predicted against actual, R² ${formatNumber(report.r2, 3)}`,
        new SvgPlot({
          label: `Predicted against actual ${target}: mean absolute error ${formatNumber(report.mae)}, root mean squared error ${formatNumber(report.rmse)}.`,
          x: both,
          y: both,
          xLabel: `actual ${target}`,
          yLabel: "predicted",
        })
          .points(
            Array.from(actual, (value, i) => ({
              x: value,
              y: predicted[i],
              title: `actual ${formatNumber(value)}, predicted ${formatNumber(predicted[i])}`,
            })),
            0,
            runColour(0),
          )
          .line(both, both, "svg-reference").root,
      ),
      figure(
        `${name}Residuals, mean absolute error ${formatNumber(report.mae)}`,
        new SvgPlot({
          label: `Histogram of predicted minus actual ${target}, from ${formatNumber(edges[0])} to ${formatNumber(edges[edges.length - 1])}.`,
          x: [edges[0], edges[edges.length - 1]],
          y: [0, most],
          xLabel: "predicted − actual",
          yLabel: "rows",
        })
          .bars(
            edges,
            counts,
            (bin) =>
              `${formatCount(counts[bin])} rows from ${formatNumber(edges[bin])} to ${formatNumber(edges[bin + 1])}`,
          )
          .line([0, 0], [0, most], "svg-reference").root,
      ),
    ];
  });
}
