/** What the network says of one row that a person types. */
import { encodeRawRows, decodeOutputs } from "../../data/rawRows";
import type { FeatureEncoding } from "../../data/preparation";
import { readTable } from "../../data/readTable";
import { outputCount } from "../../engine/network";
import type { FormFeature, PredictPart, PredictRequest } from "../../protocol/evaluation";
import type { LabBench } from "./bench";
import type { Turn } from "./queue";
import { outputsOf, preparationOf } from "./rowsOfPart";

/** Yields once. */
export async function* predictRow(
  bench: LabBench,
  { values }: PredictRequest,
  turn: Turn,
): AsyncGenerator<PredictPart, void> {
  const preparation = preparationOf(bench);
  const { parameters, step } = await bench.look();
  const features = preparation.features.map(formFeature);
  if (values === null) {
    yield { step, features, prediction: null, notes: [] };
    return;
  }
  const line = (cells: readonly string[]): string => cells.map(quoted).join(",");
  const names = features.map(({ name }) => name);
  const typed = names.map((name) => values[name] ?? "");
  const bytes = new TextEncoder().encode(`${line(names)}\n${line(typed)}\n`);
  const source = {
    size: bytes.length,
    // eslint-disable-next-line @typescript-eslint/require-await
    async *chunks() {
      yield bytes;
    },
    slice: (from: number, to: number) => Promise.resolve(bytes.slice(from, to).buffer),
  };
  const table = await readTable(source, { format: "csv", file: "the typed row" });
  const { inputs, count, notes } = encodeRawRows(preparation, table);
  const width = outputCount(bench.network);
  const targets = new Float32Array(width);
  const { outputs } = await outputsOf(bench, parameters, { count, inputs, targets }, turn);
  const { target } = preparation;
  const decoded = decodeOutputs(target, outputs, width);
  const said = decoded.task === "classification" ? decoded.probabilities : decoded.values;
  const labels = target.task === "classification" ? target.classes : target.columns;
  const prediction = labels.map((label, i) => ({ label, value: said[i] }));
  if (target.task === "classification") prediction.sort((a, b) => b.value - a.value);
  yield { step, features, prediction, notes };
}

function formFeature(feature: FeatureEncoding): FormFeature {
  const { column: name, kind } = feature;
  switch (feature.kind) {
    case "category":
      return { name, kind, usual: feature.impute, labels: feature.labels };
    case "boolean":
      return { name, kind, usual: feature.impute === 1 ? "true" : "false", labels: ["true", "false"] };
    case "vector":
      return { name, kind, usual: `[${feature.impute.map(short).join(", ")}]` };
    case "date":
      return { name, kind, usual: new Date(feature.impute * 86_400_000).toISOString().slice(0, 10) };
    case "number":
      return { name, kind, usual: short(feature.impute) };
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
