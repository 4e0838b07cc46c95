/** How the network does on a part of its rows: by class or by value, its worst rows, and what it makes of one or two features. */
import type { TargetEncoding } from "../../data/preparation";
import { unscaleTargets } from "../../data/encode";
import { decodeOutputs } from "../../data/rawRows";
import type { Samples } from "../../data/samples";
import { outputCount } from "../../engine/network";
import type { EvaluationPart, EvaluationRequest, WorstRow } from "../../protocol/evaluation";
import { classificationReport } from "../evaluation/classification";
import { fitPicture } from "../evaluation/fitPicture";
import { regressionReport } from "../evaluation/regression";
import { largest, rowLosses } from "../evaluation/rowLosses";
import type { LabBench } from "./bench";
import type { Turn } from "./queue";
import { outputsOf, partsOf, preparationOf, rowsOf } from "./rowsOfPart";

/** More rows change no figure that a person reads. */
const mostRows = 20_000;
const worstRows = 20;

/** Yields once. */
export async function* evaluate(
  bench: LabBench,
  { part: wanted }: EvaluationRequest,
  turn: Turn,
): AsyncGenerator<EvaluationPart, void> {
  const { parameters, step } = await bench.look();
  const { part, all, samples } = rowsOf(bench, wanted, mostRows);
  const { settings, scoring, source } = bench.material;
  const { target } = scoring;
  const width = outputCount(bench.network);
  const { outputs } = await outputsOf(bench, parameters, samples, turn);
  const losses = rowLosses(settings.loss, outputs, width, samples.targets);
  const placeOf = (i: number): Pick<WorstRow, "row" | "line" | "file"> => {
    const at = Math.floor((i * all) / samples.count);
    return {
      row: (source?.rows[part][at] ?? at) + 1,
      line: source?.lines[part]?.[at] ?? null,
      file: source?.files[part] ?? null,
    };
  };
  const figures = figuresOf(target, outputs, width, samples);
  await turn.breathe();
  const worst = largest(losses, worstRows).map((i): WorstRow => ({
    ...placeOf(i),
    ...figures.words(i),
    loss: losses[i],
  }));
  const fit = source
    ? await fitPicture(preparationOf(bench), target, samples, async (inputs) => {
        const rows = {
          count: inputs.count,
          inputs: inputs.values,
          targets: new Float32Array(inputs.count * width),
        };
        return (await outputsOf(bench, parameters, rows, turn)).outputs;
      })
    : null;
  yield {
    step,
    part,
    parts: partsOf(bench),
    rows: samples.count,
    allRows: all,
    ...figures.report,
    worst,
    ...(fit && { fit }),
  };
}

interface Figures {
  report: Pick<EvaluationPart, "classification" | "regression">;
  /** What a row should have been and what it was taken for. */
  words: (row: number) => Pick<WorstRow, "actual" | "predicted">;
}

function figuresOf(target: TargetEncoding, outputs: Float64Array, width: number, samples: Samples): Figures {
  const decoded = decodeOutputs(target, outputs, width);
  if (target.task === "classification" && decoded.task === "classification") {
    const { classes } = target;
    const { probabilities, predicted } = decoded;
    return {
      report: { classification: classificationReport(classes, probabilities, samples.targets) },
      words: (row) => ({
        actual: classes[samples.targets[row]],
        predicted: `${classes[predicted[row]]} (${Math.round(100 * probabilities[row * classes.length + predicted[row]])} %)`,
      }),
    };
  }
  if (target.task !== "regression" || decoded.task !== "regression") throw new Error("tasks that differ");
  const actual = unscaleTargets(target, samples.targets);
  const columnOf = (values: Float64Array, at: number): Float64Array =>
    Float64Array.from({ length: samples.count }, (_, row) => values[row * width + at]);
  const words = (values: Float64Array, row: number): string =>
    Array.from(values.subarray(row * width, (row + 1) * width), (value) =>
      String(Number(value.toPrecision(5))),
    ).join(", ");
  return {
    report: {
      regression: target.columns.map((name, at) =>
        regressionReport(name, columnOf(decoded.values, at), columnOf(actual, at)),
      ),
    },
    words: (row) => ({ actual: words(actual, row), predicted: words(decoded.values, row) }),
  };
}
