/** From a run config's text to all that training needs: the config, the data, the starting weights. */
import path from "node:path";
import { dataFormatOf, runConfigLanguage } from "../config/files";
import { parseRunConfig } from "../config/parse";
import { formatProblem } from "../config/problem";
import type { DataConfig, LossName, RunConfig } from "../config/runConfig";
import { DataError } from "../data/dataError";
import type { Preparation } from "../data/preparation";
import { prepare, type Prepared } from "../data/prepare";
import { readTable } from "../data/readTable";
import type { Table } from "../data/table";
import { digits } from "../data/wording";
import type { FloatArray, Network } from "../engine/engine";
import { initialParameters } from "../engine/initializers";
import { describeNetwork, parameterCount } from "../engine/network";
import { randomStream } from "../engine/random";
import type { StartRun } from "../protocol/worker";
import { DataFile } from "./dataFile";
import { findInitialWeights, readInitialWeights } from "./initialWeights";
import type { Fingerprint } from "./runFile";
import { standsForSeveral } from "./runVariants";
import { resolveInWorkspace } from "./workspace";

/** Far more than a processor trains in a day, and still no danger to the memory. */
const mostParameters = 100_000_000;

/** A run config with an error in it. The message says where. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export interface Material {
  config: RunConfig;
  prepared: Prepared;
  network: Network;
  initial: FloatArray;
  data: Fingerprint;
  validationData: Fingerprint | null;
  testData: Fingerprint | null;
  initialWeights: Fingerprint | null;
}

/** What loading tells, and how it is given up. */
export interface LoadingControl {
  progress(message: string, fraction: number | null): void;
  /** Awaited now and then; throws to give up. */
  breathe(): Promise<void>;
}

/** Throws a ConfigError, PathError, DataError or FormatError: each one sentence for the user. */
export async function gatherMaterial(start: StartRun, loading: LoadingControl): Promise<Material> {
  const config = readConfig(start);
  const { file, validationFile, testFile, rows } = config.data;
  const resolve = (name: string, key: string): Promise<string> =>
    resolveInWorkspace(name, key, start.configFile, start.workspaceFolder);
  // All are looked for before the first is read, so that a slip is told at once.
  const dataPath = await resolve(file, "data.file");
  const validationPath = validationFile ? await resolve(validationFile, "data.validationFile") : null;
  const testPath = testFile ? await resolve(testFile, "data.testFile") : null;
  const weightsName = config.network.initialWeights;
  const weights = weightsName
    ? await findInitialWeights(weightsName, start.configFile, start.workspaceFolder)
    : null;

  const main = await readData(dataPath, file, config.data, rows, loading);
  const readOther = (path: string | null, name: string | undefined): Promise<Read> | null =>
    path && name ? readData(path, name, config.data, rows, loading) : null;
  const validation = await readOther(validationPath, validationFile);
  const test = await readOther(testPath, testFile);
  loading.progress("Preparing the data", null);
  await loading.breathe();
  const split = randomStream(config.seed, "split");
  const prepared = prepare({
    table: main.table,
    ...(validation ? { validationTable: validation.table } : {}),
    ...(test ? { testTable: test.table } : {}),
    config,
    random: () => split.next(),
  });
  await loading.breathe();
  const network = networkOf(config, prepared.loss, prepared.preparation);
  const startStream = randomStream(config.startSeed ?? config.seed, "weights");
  let initial = initialParameters(network, config.network.initializer, startStream);
  let initialWeights: Fingerprint | null = null;
  if (weights) {
    const read = await readInitialWeights(weights, network, prepared.preparation.inputNames);
    ({ parameters: initial, fingerprint: initialWeights } = read);
    prepared.notes.push(...read.notes);
  }
  return {
    config,
    prepared,
    network,
    initial,
    data: main.fingerprint,
    validationData: validation?.fingerprint ?? null,
    testData: test?.fingerprint ?? null,
    initialWeights,
  };
}

function readConfig({ configFile, configText }: StartRun): RunConfig {
  const name = path.basename(configFile);
  const language = runConfigLanguage(configFile) ?? (/\.ya?ml$/i.test(configFile) ? "yaml" : "json");
  const { config, variants, problems } = parseRunConfig(configText, language);
  const first = problems.find(({ severity }) => severity === "error");
  if (variants) throw new ConfigError(standsForSeveral(name, variants.length));
  if (config && !first) return config;
  throw new ConfigError(
    formatProblem(name, configText, first ?? { start: 0, message: "The run config cannot be read." }),
  );
}

interface Read {
  table: Table;
  fingerprint: Fingerprint;
}

/** Reads a data file into a table. Throws a PathError or a DataError. */
export async function readData(
  file: string,
  name: string,
  { format, badRows }: Pick<DataConfig, "format" | "badRows">,
  maxRows: number | undefined,
  loading: LoadingControl,
): Promise<Read> {
  // What is written wins over what a name suggests.
  const known = format ?? dataFormatOf(name);
  if (!known) {
    throw new DataError(
      `${name} has no extension that tells its format; rename it (.csv, .tsv, .json, .jsonl or .parquet), or write "format" beside "file".`,
    );
  }
  const message = `Reading ${path.basename(name)}`;
  loading.progress(message, 0);
  const source = await DataFile.open(file, () => loading.breathe());
  try {
    const onProgress = (bytes: number): void =>
      loading.progress(message, Math.min(1, bytes / (source.size || 1)));
    const table = await readTable(source, {
      format: known,
      file: path.basename(name),
      badRows,
      ...(maxRows === undefined ? {} : { maxRows }),
      onProgress,
    });
    return { table, fingerprint: await source.fingerprint() };
  } finally {
    await source.close();
  }
}

/** The network that a config describes for prepared data. Throws a ConfigError when it is too large. */
export function networkOf(config: RunConfig, loss: LossName, preparation: Preparation): Network {
  const { target } = preparation;
  const outputs =
    target.task === "regression"
      ? target.columns.length
      : loss === "binary-cross-entropy"
        ? 1
        : target.classes.length;
  const { hidden, dropout } = config.network;
  const layers = hidden.map((layer) => ({ ...layer, dropout }));
  const network = describeNetwork(preparation.inputSize, layers, outputs);
  const parameters = parameterCount(network);
  if (parameters > mostParameters) {
    throw new ConfigError(
      `The network of "network.hidden" would have ${digits(parameters)} parameters, more than ${digits(mostParameters)}; make its layers smaller.`,
    );
  }
  return network;
}
