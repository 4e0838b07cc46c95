/**
 * Every id that package.json contributes and the code uses. A unit test holds the two together, so that a
 * command that exists on one side only is found before a user finds it.
 */

export const commandIds = {
  trainNetwork: "downhill.trainNetwork",
  newRunConfig: "downhill.newRunConfig",
  describeData: "downhill.describeData",
  showCharts: "downhill.showCharts",
  pause: "downhill.pause",
  resume: "downhill.resume",
  step: "downhill.step",
  stop: "downhill.stop",
  changeLearningRate: "downhill.changeLearningRate",
  changeBatchSize: "downhill.changeBatchSize",
  changeMomentum: "downhill.changeMomentum",
  restart: "downhill.restart",
  resumeRun: "downhill.resumeRun",
  branchRun: "downhill.branchRun",
  openRun: "downhill.openRun",
  openRunConfig: "downhill.openRunConfig",
  revealRunFolder: "downhill.revealRunFolder",
  exportModel: "downhill.exportModel",
  predict: "downhill.predict",
  renameRun: "downhill.renameRun",
  pinRun: "downhill.pinRun",
  unpinRun: "downhill.unpinRun",
  deleteRun: "downhill.deleteRun",
  restoreRuns: "downhill.restoreRuns",
  openConfigAsItWas: "downhill.openConfigAsItWas",
  copyAsRunConfig: "downhill.copyAsRunConfig",
  filterRuns: "downhill.filterRuns",
  clearRunFilter: "downhill.clearRunFilter",
  sweepLearningRate: "downhill.sweepLearningRate",
  testLearningRates: "downhill.testLearningRates",
  compareRuns: "downhill.compareRuns",
  getStarted: "downhill.getStarted",
  openDocs: "downhill.openDocs",
  createExampleFiles: "downhill.createExampleFiles",
  copyClusterCommand: "downhill.copyClusterCommand",
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewIds = {
  container: "downhill",
  runs: "downhill.runs",
  lossChart: "downhill.lossChart",
  /** The type of the editor panel with the charts. */
  panel: "downhill.panel",
  /** The type of the editor panel that describes a data file. */
  data: "downhill.data",
  /** The type of the editor panel that compares runs. */
  comparison: "downhill.comparison",
} as const;

/** Set with `setContext`; the `when` clauses of package.json read them. */
export const contextKeys = {
  /** A run of this window is being loaded, trained or paused. */
  running: "downhill.running",
  /** The run that commands are about is paused. */
  paused: "downhill.paused",
  /** There is a run that commands can be about. */
  hasRun: "downhill.hasRun",
  /** The workspace's runs have been read, and there are none. */
  noRuns: "downhill.noRuns",
  /** Paths of the run configs that are being trained. */
  runningConfigs: "downhill.runningConfigs",
  /** Paths of the run configs that have a run, stored or live. */
  configsWithRuns: "downhill.configsWithRuns",
  /** Paths of the open JSON files that are tables. */
  jsonTables: "downhill.jsonTables",
  /** The list of runs shows only some of them. */
  filtered: "downhill.runsFiltered",
} as const;

/** Tools that chat agents may call. */
export const agentToolNames = {
  train: "downhill_train",
  readRun: "downhill_readRun",
  changeConfig: "downhill_changeRunConfig",
} as const;

/** Set when a step of the walkthrough has been made; package.json's completion events wait for them. */
export const walkthroughKeys = {
  trained: "downhill.walked.trained",
  read: "downhill.walked.read",
  repaired: "downhill.walked.repaired",
  raced: "downhill.walked.raced",
  minimum: "downhill.walked.minimum",
} as const;

/** `contextValue` of the items in the list of runs; that of a pinned run ends in ".pinned". */
export const runItemContexts = {
  config: "config",
  running: "run.running",
  paused: "run.paused",
  finished: "run.finished",
  /** It was cut off or stopped. */
  resumable: "run.resumable",
} as const;

/** Glob patterns of the files that a run starts from. */
export const runConfigPattern = "**/*.train.{json,yaml,yml}";
export const dataFilePattern =
  "**/*.{csv,tsv,tab,json,jsonl,ndjson,parquet,csv.gz,tsv.gz,tab.gz,json.gz,jsonl.gz,ndjson.gz}";

/** The same for people. */
export const dataFileExtensions = ".csv, .tsv, .json, .jsonl, .parquet";

/** The extension that most people have for YAML: what it does for run configs is left to it. */
export const yamlExtension = "redhat.vscode-yaml";
