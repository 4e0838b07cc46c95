/**
 * What training will make of what a run config leaves open, as far as the described data tell: hints to stand behind
 * its values. Part of the bundle that is loaded on demand; knows nothing of `vscode`.
 */
import { dataReferences } from "../config/dataReferences";
import type { ConfigLanguage } from "../config/files";
import { parseRunConfig } from "../config/parse";
import type { RunConfig } from "../config/runConfig";
import { parseText } from "../config/text/parseText";
import { nodeAt } from "../config/text/textTree";
import { counted, digits } from "../data/wording";
import type { DataDescription, DescribedColumn } from "../protocol/describe";
import type { DataAccess } from "../run/dataProblems";

export interface InferredValue {
  /** Behind which character of the text it stands. */
  readonly offset: number;
  /** "3 classes · categorical-cross-entropy". */
  readonly text: string;
  /** A sentence or two, in Markdown. */
  readonly tooltip: string;
}

/** A number and whether it is quite certain. */
interface Estimate {
  readonly value: number;
  readonly exact: boolean;
}

/** Nothing for a config that is wrong, and less where the data cannot be read. */
export async function inferredValues(
  text: string,
  language: ConfigLanguage,
  access: DataAccess,
): Promise<InferredValue[]> {
  const { config } = parseRunConfig(text, language);
  if (!config) return [];
  const { root } = parseText(text, language);
  const hints: InferredValue[] = [];
  const hint = (path: string[], parts: (string | null)[], tooltip: string): void => {
    const node = nodeAt(root, path);
    const told = parts.filter((part) => part !== null);
    if (node && told.length > 0) hints.push({ offset: node.end, text: told.join(" · "), tooltip });
  };
  const isWritten = (...path: string[]): boolean => nodeAt(root, path) !== null;

  const { optimizer } = config;
  if (isWritten("optimizer", "type") && !isWritten("optimizer", "learningRate"))
    hint(
      ["optimizer", "type"],
      [`learningRate ${optimizer.learningRate}`],
      `\`learningRate\` is not written, so the default of \`${optimizer.type}\` counts.`,
    );

  const { file, reading } = dataReferences(text, language);
  const description = file === null ? null : await access.description(file, reading);
  if (!description) return hints;
  const columns = new Map(description.columns.map((column) => [column.name, column]));
  const targets = config.data.target.map((name) => columns.get(name));
  if (targets.includes(undefined)) return hints;
  const outcome = outcomeOf(config, targets as DescribedColumn[]);
  if (!outcome) return hints;

  const inputs = inputsOf(config, description);
  const layers = [inputs.value, ...config.network.hidden.map(({ units }) => units), outcome.outputs];
  const approximately = inputs.exact ? "" : "≈ ";
  const network = inputs.value > 0 ? `${approximately}${layers.join(" → ")}` : null;
  const parameters =
    inputs.value > 0 ? `${approximately}${counted(parametersOf(layers), "parameter")}` : null;
  hint(
    ["data", "target"],
    // The number of classes tells the task as well; the editor cuts long hints off.
    [
      outcome.classes === null ? null : counted(outcome.classes, "class", "classes"),
      outcome.classes === null && !isWritten("task") ? outcome.task : null,
      isWritten("loss") ? null : outcome.loss,
    ],
    `Inferred from the target: ${outcome.task} with the loss \`${outcome.loss}\` and ${counted(outcome.outputs, "output unit")}. Write \`task\` or \`loss\` to choose otherwise.`,
  );
  const place = isWritten("network", "hidden")
    ? ["network", "hidden"]
    : isWritten("network")
      ? ["network"]
      : ["data"];
  hint(
    place,
    [network, parameters],
    `${counted(inputs.value, "input")} from the features, the hidden layers, and ${counted(outcome.outputs, "output unit")}: each layer has a weight for every unit before it and a bias.`,
  );

  const rows = trainingRows(config, description, targets as DescribedColumn[]);
  if (rows === null) return hints;
  const batch = config.batchSize === "full" ? rows.value : config.batchSize;
  const steps = Math.max(1, Math.ceil(rows.value / Math.max(1, batch)));
  const about = rows.exact ? "" : "≈ ";
  hint(
    ["batchSize"],
    [`= ${about}${counted(steps, "step")} an epoch`],
    `${about}${counted(rows.value, "training row")} in batches of ${digits(batch)}.`,
  );
  hint(
    ["epochs"],
    [`= ${about}${counted(steps * config.epochs, "step")}${config.earlyStopping ? " at most" : ""}`],
    `${counted(steps, "step")} an epoch, ${counted(config.epochs, "epoch")}.`,
  );
  return hints;
}

interface Outcome {
  readonly task: "classification" | "regression";
  readonly loss: string;
  readonly classes: number | null;
  readonly outputs: number;
}

/** As `data/task.ts` decides when it has the table. */
function outcomeOf({ task, loss }: RunConfig, targets: readonly DescribedColumn[]): Outcome | null {
  const [target] = targets;
  const ofLoss =
    loss === undefined ? undefined : loss === "mse" || loss === "mae" ? "regression" : "classification";
  const inferred = task ?? ofLoss ?? (targets.length > 1 ? "regression" : target.task);
  if (inferred === null) return null;
  if (inferred === "regression")
    return { task: inferred, loss: loss ?? "mse", classes: null, outputs: targets.length };
  if (target.distinctAtLeast || target.distinct < 2) return null;
  const chosen = loss ?? (target.distinct === 2 ? "binary-cross-entropy" : "categorical-cross-entropy");
  const outputs = chosen === "binary-cross-entropy" ? 1 : target.distinct;
  return { task: inferred, loss: chosen, classes: target.distinct, outputs };
}

/** A label that so few rows have may be in none of the training rows. */
const fewRows = 10;

function inputsOf({ data }: RunConfig, { columns, complete }: DataDescription): Estimate {
  const { groupBy, orderBy } = data.split;
  const taken = new Set([...data.target, ...data.ignore, groupBy, orderBy]);
  const features = data.features
    ? columns.filter(({ name }) => data.features?.includes(name))
    : columns.filter(({ name, type }) => !taken.has(name) && type !== "text" && type !== "empty");
  let [value, exact] = [0, complete];
  for (const { type, distinct, length, values, distinctAtLeast } of features) {
    if (type === "vector") value += length ?? 0;
    else if (type === "category" || type === "text") {
      value += distinct;
      const rarest = values.length < distinct ? 0 : Math.min(...values.map(({ count }) => count));
      if (distinctAtLeast || rarest < fewRows) exact = false;
    } else value++;
  }
  return { value, exact };
}

function parametersOf(layers: readonly number[]): number {
  return layers.slice(1).reduce((sum, units, at) => sum + units * (layers[at] + 1), 0);
}

/** Null where the data that were looked at do not tell. */
function trainingRows(
  { data }: RunConfig,
  { rows, complete }: DataDescription,
  targets: readonly DescribedColumn[],
): Estimate | null {
  if ((!complete && rows !== data.rows) || data.missing === "drop") return null;
  const missing = targets.map((target) => target.missing);
  const usable = rows - Math.max(...missing);
  const { validation, test, groupBy, orderBy } = data.split;
  const share = (fraction: number, file: string | undefined): number =>
    file === undefined ? Math.round(usable * fraction) : 0;
  const value = usable - share(validation, data.validationFile) - share(test, data.testFile);
  const exact =
    groupBy === undefined && orderBy === undefined && missing.filter((count) => count > 0).length < 2;
  return value > 0 ? { value, exact } : null;
}
