/** What a run reached, or what went wrong, in one plain sentence. */
import type { RunConfig } from "../config/runConfig";
import { counted, digits } from "../data/wording";
import type { Baseline, Metrics, RunDescription, RunResult } from "../protocol/run";
import { oneLine } from "../text/oneLine";
import { fixed, formatNumber, percentText } from "./numberText";

/** The parts of a run config that explain how a run ended. */
export type SummaryConfig = Pick<RunConfig, "earlyStopping" | "gradientClipNorm"> & {
  data: Pick<RunConfig["data"], "standardize">;
  optimizer: Pick<RunConfig["optimizer"], "learningRate">;
};

/** How a run ended, without the sentence that says so. */
export type Outcome = Omit<RunResult, "message"> & {
  /** The loss and the gradient norm of the step that diverged. */
  nonFinite?: { loss: number; gradientNorm: number };
  /** The last evaluation of a run that made steps after it, and was not evaluated again. */
  outdated?: { epoch: number; training: Metrics; validation: Metrics | null } | null;
  lowestValidation?: { epoch: number; loss: number } | null;
};

/** By so much, of itself and in all, the validation loss must have risen to be worth a word. */
const worthSaying = { factor: 1.1, difference: 0.01 };

/** One sentence for the user. Failures bring their own message and need none from here. */
export function summarize(
  outcome: Outcome,
  description: Pick<RunDescription, "task" | "target" | "baseline" | "totalSteps">,
  config: SummaryConfig,
): string {
  // With the colon that joins it to what goes before.
  const { outdated } = outcome;
  const reached =
    outdated && outdated.epoch > 0
      ? `; last evaluated after epoch ${outdated.epoch}: ${reachedText({ ...outdated, test: null }, description)}`
      : `: ${reachedText(outcome, description)}`;
  const after = `${counted(outcome.epochs, "epoch")} (${counted(outcome.steps, "step")}, ${durationText(outcome.trainingSeconds)} of training)`;
  switch (outcome.status) {
    case "completed":
      return outcome.restoredEpoch === undefined
        ? `Trained for ${after}${reached}${overfitText(outcome, config)}.`
        : `Trained for ${after} and kept the weights of epoch ${outcome.restoredEpoch}, the best${reached}.`;
    case "early-stopped": {
      const watched = outcome.validation ? "validation" : "training";
      const patience = counted(config.earlyStopping?.patience ?? 0, "epoch");
      const kept =
        outcome.restoredEpoch === undefined
          ? ""
          : ` and kept the weights of epoch ${outcome.restoredEpoch}, the best`;
      return `Stopped early after ${after}, when the ${watched} loss had not improved for ${patience}${kept}${reached}.`;
    }
    case "stopped":
      return outcome.steps === 0
        ? "Stopped before the first step."
        : `Stopped at step ${digits(outcome.steps)} of ${digits(description.totalSteps)}, after ${durationText(outcome.trainingSeconds)} of training${reached}.`;
    case "interrupted":
      return `Cut off after step ${digits(outcome.steps)} of ${digits(description.totalSteps)}, when the program that trained it ended${reached}.`;
    case "diverged":
      return divergedText(outcome, config);
    case "failed":
      return "The run failed.";
  }
}

/** That the network was better before it had learned the training rows by heart, and what helps. */
function overfitText({ validation, lowestValidation }: Outcome, config: SummaryConfig): string {
  const last = validation?.loss ?? null;
  if (config.earlyStopping || !lowestValidation || last === null) return "";
  const { epoch, loss } = lowestValidation;
  if (last < loss * worthSaying.factor || last < loss + worthSaying.difference) return "";
  return `; the validation loss was lowest after epoch ${digits(epoch)} (${formatNumber(loss)}, now ${formatNumber(last)}), whose weights "earlyStopping" would keep`;
}

function divergedText({ steps, nonFinite }: Outcome, config: SummaryConfig): string {
  const what = nonFiniteText(nonFinite);
  const kept = steps === 0 ? "the starting weights" : `the weights of step ${digits(steps)}`;
  // Far above 0.1 a tenth is hardly a remedy.
  const tries = [`a learning rate of ${formatNumber(Math.min(config.optimizer.learningRate / 10, 0.1))}`];
  if (!config.data.standardize) tries.push('"standardize": true');
  if (config.gradientClipNorm === undefined) tries.push('"gradientClipNorm": 1');
  const last = tries.pop();
  const advice = tries.length > 0 ? `${tries.join(", ")} or ${last}` : last;
  return `Diverged at step ${digits(steps + 1)}, where ${what}; ${kept} are kept: try ${advice}.`;
}

function nonFiniteText(nonFinite: Outcome["nonFinite"]): string {
  if (!nonFinite || Number.isNaN(nonFinite.loss)) return "the loss became NaN";
  if (!Number.isFinite(nonFinite.loss)) return "the loss became infinite";
  return Number.isFinite(nonFinite.gradientNorm)
    ? "the step was so long that a weight became infinite"
    : "the gradient was no longer finite";
}

/** "96.7 % accuracy on the validation rows, where always answering setosa reaches 33.3 %". */
function reachedText(
  { training, validation, test }: Pick<Outcome, "training" | "validation" | "test">,
  { task, target, baseline }: Pick<RunDescription, "task" | "target" | "baseline">,
): string {
  const rows = validation ? "validation" : "training";
  const metrics = validation ?? training;
  if (!metrics) return "nothing was evaluated yet";
  const against = (validation ? baseline.validation : baseline.training) ?? null;
  const on = `on the ${rows} rows`;
  const tested = testText(task, test);
  if (task === "classification") {
    const beside = against ? `, where ${baselineText(baseline, against)}` : "";
    return `${percent(metrics.accuracy)} accuracy ${on}${tested}${beside}`;
  }
  const of = target.length === 1 ? ` of ${oneLine(target[0])}` : "";
  const beside = against ? `, where ${baselineText(baseline, against)}` : "";
  return `a mean absolute error${of} of ${numberText(metrics.mae)} ${on} (R² ${typeof metrics.r2 === "number" ? fixed(metrics.r2, 3) : "unknown"})${tested}${beside}`;
}

function testText(task: RunDescription["task"], test: Metrics | null): string {
  if (!test) return "";
  return task === "classification"
    ? ` and ${percent(test.accuracy)} on the test rows`
    : ` and ${numberText(test.mae)} on the test rows`;
}

function baselineText({ kind, label }: Baseline, metrics: Metrics): string {
  return kind === "majority-class"
    ? `always answering ${oneLine(label)} reaches ${percent(metrics.accuracy)}`
    : `always answering the mean, ${label}, is off by ${numberText(metrics.mae)}`;
}

function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? "unknown" : percentText(value);
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "unknown" : formatNumber(value);
}

/** "0.03 s", "12.5 s", "3 min 05 s", "2 h 10 min". */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}
