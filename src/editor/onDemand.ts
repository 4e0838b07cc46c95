/**
 * What activation does not need: readers of run configs, data and stored runs, and what starts a run. A bundle of
 * its own, dist/onDemand.js, loaded when one of them is first used, so that activation stays quick. The rest of
 * this folder reaches them through `import("./onDemand")` only: then there is one instance of each.
 */
export { changeValues, difference } from "../config/edit";
export { yamlCompletionsAt } from "../config/completions";
export { dataReferences } from "../config/dataReferences";
export { fixed } from "../config/fix";
export { outlineOf } from "../config/outline";
export { documentationOf } from "../config/documentation";
export { keyAt, valueAt } from "../config/locate";
export { parseRunConfig } from "../config/parse";
export { readHead } from "../data/head";
export { suggestTargets } from "../data/target";
export { openDataFile } from "../run/dataFile";
export { exportFormats } from "../export/formats";
export { dataProblems } from "../run/dataProblems";
export { Lab } from "../run/lab";
export { LiveRun } from "../run/liveRun";
export { withExplored } from "../run/exploredChange";
export { readRunConfig } from "../run/readRunConfig";
export { placeOf } from "../run/runPlace";
export { isFunctionRun, readAnyRunFile, readRunFile } from "../run/runFile";
export { createRunId } from "../run/runId";
export { commonConfig, withLearningRate, withSweep } from "../run/learningRateSweep";
export { rangeTestSentence } from "../run/rangeTest";
export { rangeTestInWorker } from "../run/startRangeTest";
export { RunQueue } from "../run/runQueue";
export { nameOfRun, startsOf } from "../run/runVariants";
export { RunIndex } from "../run/runIndex";
export { runReport } from "../run/runReport";
export { changeMarks } from "../run/runMarks";
export { loadRun } from "../run/runStore";
export { deleteRun, emptyTrash, listTrash, restoreRun, trashDays, trashOf } from "../run/trash";
export { resolveInWorkspace, runsFolderOf } from "../run/workspace";
export { dataCompletionsAt, dataHoverAt } from "./dataHelp";
export { branchSettings, textAt, withSetting } from "./branchChange";
export { messageFixes } from "./messageFixes";
export { inferredValues } from "./inferredValues";
export { describeInWorker } from "../run/startDescription";
export { varyingKeys } from "../run/settings";
export { startRun } from "../run/startRun";
