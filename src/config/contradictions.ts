/** What is wrong between keys that are right on their own, as far as the text alone tells. */

import { change, removal, type Fix } from "./fix";
import { dataFields } from "./keys/dataFields";
import type { ConfigValues } from "./keys/fields";
import { enumerate } from "./keys/field";
import { dataFormatOf, extensionOf } from "./files";
import type { Problem } from "./problem";
import { nodeAt, quote } from "./text/textTree";
import type { TextNode } from "./text/textTree";
import { mostVariants } from "./variants";

/** What could be read: any part may be missing because it was wrong. */
type Readable<T> = T extends readonly (infer I)[]
  ? readonly Readable<I>[]
  : T extends object
    ? { readonly [K in keyof T]?: Readable<T[K]> }
    : T;

export type ReadableConfig = Readable<ConfigValues>;

type Path = readonly (string | number)[];

export function contradictions(config: ReadableConfig, root: TextNode): Problem[] {
  const problems: Problem[] = [];
  const report = (path: Path, message: string, fixes: readonly Fix[] = []) => {
    const node = nodeAt(root, path);
    if (!node) return;
    const { start, end } = node;
    problems.push({
      message,
      severity: "error",
      start,
      end,
      path: [...path],
      ...(fixes.length > 0 && { fixes }),
    });
  };
  const isFunction = root.kind === "object" && root.entries.some(({ key }) => key === "function");
  problems.push(...misplacedKeys(root, isFunction));
  checkStarts(config, isFunction, report);
  if (isFunction) {
    checkDomain(config, report);
    return problems;
  }
  checkTask(config, report);
  checkClassWeights(config, report);
  checkColumns(config, report);
  const isWritten = (path: Path) => nodeAt(root, path) !== null;
  checkFiles(config, isWritten, report);
  checkSplit(config, isWritten, report);
  return problems;
}

type Report = (path: Path, message: string, fixes?: readonly Fix[]) => void;
type IsWritten = (path: Path) => boolean;

/** What only a network's run has, and what to do about it in a function's. */
const networkKeys: Readonly<Record<string, string>> = {
  data: 'is for training a network; remove it, or "function"',
  task: "is for training a network; remove it",
  network: 'is for training a network; remove it, or "function"',
  loss: "is for training a network, and a function is its own loss; remove it",
  batchSize: "is for training on rows, of which a function has none; remove it",
  epochs: 'counts passes over rows, of which a function has none; use "steps"',
  shuffle: "is for training on rows, of which a function has none; remove it",
  earlyStopping: 'watches rows, of which a function has none; use "gradientTolerance"',
  engine: "is for training a network, and a function needs but one thread; remove it",
};

const functionKeys: Readonly<Record<string, string>> = {
  steps: 'is for minimising a "function"; a network is trained for so many "epochs"',
  gradientTolerance: 'is for minimising a "function"; a network may have "earlyStopping"',
};

function misplacedKeys(root: TextNode, isFunction: boolean): Problem[] {
  if (root.kind !== "object") return [];
  const misplaced = isFunction ? networkKeys : functionKeys;
  return root.entries
    .filter(({ key }) => Object.hasOwn(misplaced, key))
    .map(({ key, keyRange: { start, end } }) => ({
      message: `"${key}" ${misplaced[key]}.`,
      severity: "error",
      start,
      end,
      path: [key],
      fixes: misplacedFixes(key),
    }));
}

/** Each count has its counterpart; anything else can only go. */
function misplacedFixes(key: string): Fix[] {
  const remove = removal([key], `"${key}"`);
  if (key === "data" || key === "network") return [remove, removal(["function"], '"function"')];
  return [remove];
}

function checkStarts(
  { starts, function: minimised, network, compare }: ReadableConfig,
  isFunction: boolean,
  report: Report,
): void {
  if (starts === undefined || starts === 1) return;
  if (isFunction && typeof minimised?.start === "object") {
    report(
      ["starts"],
      'Each of several "starts" must be another point; write "random" as "function.start", or remove "starts".',
    );
  } else if (network?.initialWeights !== undefined) {
    report(
      ["starts"],
      'All "starts" would be the same, as the initial weights come from a file; remove "starts" or "network.initialWeights".',
    );
  }
  const runs = starts * Math.max(1, compare?.length ?? 0);
  if (runs > mostVariants) {
    report(
      ["starts"],
      `"compare" and "starts" make ${runs} runs together, more than ${mostVariants}; choose fewer "starts".`,
    );
  }
}

function checkDomain({ function: minimised }: ReadableConfig, report: Report): void {
  for (const [variable, limits] of Object.entries(minimised?.domain ?? {})) {
    // A limit that was wrong, and has been reported, leaves one.
    if (limits?.length !== 2 || limits[0] < limits[1]) continue;
    const [low, high] = limits;
    const path = ["function", "domain", variable];
    report(
      path,
      `"${path.join(".")}" is empty: its first number, ${low}, must be below its second, ${high}.`,
    );
  }
}

function checkTask({ task, loss, data }: ReadableConfig, report: Report): void {
  const lossTask =
    loss === undefined ? undefined : loss === "mse" || loss === "mae" ? "regression" : "classification";
  if (task !== undefined && lossTask !== undefined && task !== lossTask) {
    const fitting = task === "regression" ? '"mse" or "mae"' : "a cross-entropy";
    report(
      ["loss"],
      `The loss "${loss}" is for ${lossTask}, but the task is ${task}; use ${fitting} or change the task.`,
      [removal(["loss"], '"loss"'), change(["task"], lossTask)],
    );
    return;
  }
  const target = data?.target;
  if (typeof target === "string" || target === undefined || target.length < 2) return;
  if (task === "classification") {
    report(
      ["task"],
      `There are ${target.length} target columns, but classification takes one; name one or change the task.`,
      [change(["task"], "regression"), change(["data", "target"], target[0])],
    );
  } else if (lossTask === "classification") {
    report(
      ["loss"],
      `There are ${target.length} target columns, but the loss "${loss}" takes one; name one or use "mse" or "mae".`,
      [change(["loss"], "mse"), change(["data", "target"], target[0])],
    );
  }
}

function checkClassWeights({ task, loss, data }: ReadableConfig, report: Report): void {
  if (data?.classWeights !== "balanced") return;
  const because =
    task === "regression"
      ? "the task is regression"
      : task === undefined && (loss === "mse" || loss === "mae")
        ? `the loss "${loss}" is for regression`
        : task === undefined &&
            loss === undefined &&
            typeof data.target === "object" &&
            data.target.length > 1
          ? "several target columns make a regression"
          : null;
  if (because === null) return;
  report(
    ["data", "classWeights"],
    `Class weights are for classification, but ${because}; remove "classWeights" or change the task.`,
    [removal(["data", "classWeights"], '"classWeights"')],
  );
}

function checkColumns({ data }: ReadableConfig, report: Report): void {
  if (data?.target === undefined) return;
  const targets = new Set(typeof data.target === "string" ? [data.target] : data.target);
  const ignored = new Set(data.ignore ?? []);
  data.features?.forEach((column, i) => {
    if (targets.has(column)) {
      report(
        ["data", "features", i],
        `The target ${quote(column)} cannot be a feature as well; remove it here.`,
        [removal(["data", "features", i], quote(column))],
      );
    } else if (ignored.has(column)) {
      report(
        ["data", "features", i],
        `The column ${quote(column)} is a feature and is ignored as well; remove one of them.`,
        [
          removal(["data", "features", i], `${quote(column)} from "features"`),
          removal(["data", "ignore", data.ignore?.indexOf(column) ?? 0], `${quote(column)} from "ignore"`),
        ],
      );
    }
  });
  data.ignore?.forEach((column, i) => {
    if (targets.has(column)) {
      const message = `The target ${quote(column)} cannot be ignored; remove it here.`;
      report(["data", "ignore", i], message, [removal(["data", "ignore", i], quote(column))]);
    }
  });
  for (const key of ["groupBy", "orderBy"] as const) {
    const column = data.split?.[key];
    if (column === undefined || !targets.has(column)) continue;
    report(
      ["data", "split", key],
      `The rows cannot be split by the target ${quote(column)}: no value of it would be both trained on and validated on; name another column.`,
      [removal(["data", "split", key], `"${key}"`)],
    );
  }
}

function checkFiles({ data }: ReadableConfig, isWritten: IsWritten, report: Report): void {
  if (!data) return;
  const formatGiven = isWritten(["data", "format"]);
  for (const key of ["file", "validationFile", "testFile"] as const) {
    const file = data[key];
    if (file === undefined || formatGiven || dataFormatOf(file) !== null) continue;
    const extension = extensionOf(file);
    const of = extension === "" ? "has no extension" : `ends in ${quote(`.${extension}`)}`;
    const formats = enumerate(Object.keys(dataFields.format.choices).map(quote), "or");
    const message = `${quote(file)} ${of}, which tells no format; add "format": ${formats} to "data".`;
    const choices = Object.keys(dataFields.format.choices);
    report(
      ["data", key],
      message,
      choices.map((format) => change(["data", "format"], format)),
    );
  }
  if (data.file !== undefined && data.file === data.validationFile) {
    report(
      ["data", "validationFile"],
      "The validation file is the data file itself; name another or use a split.",
      [removal(["data", "validationFile"], '"validationFile"')],
    );
  }
  const { testFile } = data;
  if (testFile !== undefined && (testFile === data.file || testFile === data.validationFile)) {
    const other = testFile === data.file ? "data file" : "validation file";
    report(["data", "testFile"], `The test file is the ${other} itself; name another or use a split.`, [
      removal(["data", "testFile"], '"testFile"'),
    ]);
  }
}

function checkSplit({ data }: ReadableConfig, isWritten: IsWritten, report: Report): void {
  const pathOf = (part: "validation" | "test") => ["data", "split", part];
  const { validation, test } = data?.split ?? {};
  for (const [part, share] of Object.entries({ validation, test })) {
    const key = part === "test" ? "testFile" : "validationFile";
    if (data?.[key] === undefined || share === undefined || share === 0) continue;
    // The default share is not in the text, so that there is nothing to report it at.
    report(
      pathOf(part === "test" ? "test" : "validation"),
      `The ${part} rows come from "${key}"; remove this share or that file.`,
      [removal(["data", "split", part], `the share "${part}"`), removal(["data", key], `"${key}"`)],
    );
  }
  const { groupBy, orderBy, stratify } = data?.split ?? {};
  if (orderBy !== undefined && groupBy !== undefined) {
    report(
      ["data", "split", "orderBy"],
      'Rows are split either by "groupBy" or by "orderBy"; remove one of them.',
      ["orderBy", "groupBy"].map((key) => removal(["data", "split", key], `"${key}"`)),
    );
  }
  if (orderBy !== undefined && stratify === true) {
    report(
      ["data", "split", "stratify"],
      'Rows that are split by "orderBy" cannot keep the classes in proportion; remove this or "orderBy".',
      ["stratify", "orderBy"].map((key) => removal(["data", "split", key], `"${key}"`)),
    );
  }
  const shares = { validation: data?.validationFile ? 0 : validation, test: data?.testFile ? 0 : test };
  if (shares.validation === undefined || shares.test === undefined) return;
  if (shares.validation + shares.test < 1) return;
  const path = pathOf(isWritten(pathOf("test")) ? "test" : "validation");
  const sum = `validation ${validation}${isWritten(pathOf("validation")) ? "" : " (the default)"} and test ${test}`;
  report(path, `No rows are left to train on with ${sum}; together they must be below 1.`);
}
