import type { AnyDescription, Metrics, Progress, RunResult, RunStatus } from "../protocol/run";
import { fixed, percentText } from "../run/numberText";
import { durationText } from "../run/summary";
import { differences, shortKey, type Difference } from "../run/settings";
import { isFinished, type RunEntry } from "./runSource";

/** Codicon of a run in lists. The colour is a theme colour, absent for the ordinary one. */
export function runIcon(status: RunStatus): { icon: string; color?: string } {
  switch (status) {
    case "loading":
    case "running":
      return { icon: "sync~spin", color: "charts.blue" };
    case "paused":
      return { icon: "debug-pause", color: "charts.blue" };
    case "completed":
    case "early-stopped":
      return { icon: "pass", color: "testing.iconPassed" };
    case "stopped":
      return { icon: "debug-stop" };
    case "diverged":
      return { icon: "warning", color: "problemsWarningIcon.foreground" };
    case "failed":
      return { icon: "error", color: "problemsErrorIcon.foreground" };
    case "interrupted":
      return { icon: "debug-disconnect" };
  }
}

/** The figure of a run that goes on or has ended: of a function its value. */
function figureOf(progress: Progress | null, result: RunResult | null): string | null {
  const reached = progress?.function ?? result?.function;
  if (reached) return `f = ${significant(reached.value)}`;
  return headline(
    progress?.training ?? result?.training ?? null,
    progress?.validation ?? result?.validation ?? null,
  );
}

/** The one figure that tells most: accuracy, else R², else the loss; of validation data where there are any. */
export function headline(training: Metrics | null, validation: Metrics | null): string | null {
  const metrics = validation ?? training;
  if (!metrics) return null;
  if (typeof metrics.accuracy === "number") return `accuracy ${percentText(metrics.accuracy)}`;
  if (typeof metrics.r2 === "number") return `R² ${fixed(metrics.r2, 3)}`;
  return metrics.loss === null ? null : `loss ${significant(metrics.loss)}`;
}

export function significant(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(3)));
}

/** What a finished run came to, in the fewest words: "97.3 % in 1.2 s", "diverged at step 12"; null before that. */
export function lastResult({ status, result }: Pick<RunEntry, "status" | "result">): string | null {
  if (result === null) return null;
  if (status === "diverged") return `diverged at step ${result.steps + 1}`;
  if (status === "failed") return "failed";
  const figure = figureOf(null, result)?.replace(/^accuracy /, "");
  const time = `in ${durationText(result.trainingSeconds)}`;
  const word = status === "stopped" || status === "interrupted" ? `${statusWord(status)}, ` : "";
  return figure === undefined ? `${word}${time}` : `${word}${figure} ${time}`;
}

const statusWords: Record<RunStatus, string> = {
  loading: "reading data",
  running: "training",
  paused: "paused",
  completed: "completed",
  "early-stopped": "stopped early",
  stopped: "stopped",
  diverged: "diverged",
  failed: "failed",
  interrupted: "interrupted",
};

export function statusWord(status: RunStatus): string {
  return statusWords[status];
}

/** How a run stands or ended, in the fewest words: "accuracy 97.3 %", "epoch 3/100 · loss 0.2", "diverged". */
export function runOutcome(run: RunEntry, progress: Progress | null, epochs: number | null): string {
  const parts: string[] = [];
  const figure = figureOf(progress, run.result);
  // A good end needs no word beside its figure: the icon says it.
  const plain = run.status === "completed" || run.status === "running" || run.status === "early-stopped";
  if (!plain || figure === null) parts.push(statusWord(run.status));
  if (!isFinished(run) && progress && epochs !== null) parts.push(`epoch ${progress.epoch}/${epochs}`);
  if (figure !== null && run.status !== "failed") parts.push(figure);
  return parts.join(" · ");
}

/** So many changed settings are named in the list; its tooltip has them all. */
const differencesShown = 2;

/** A run in the list of its config: what the user calls it or what it reached, and in grey how it differs and its age. */
export function runItemTexts(
  run: RunEntry,
  before: RunEntry | null,
  now: number,
  progress: Progress | null,
  epochs: number | null,
): { label: string; description: string } {
  const outcome = runOutcome(run, progress, epochs);
  const name = run.title ?? run.comparison?.name;
  const parts = name === undefined ? [] : [outcome];
  if (run.branchedFrom) parts.push(`branch at step ${run.branchedFrom.step.toLocaleString("en")}`);
  if (run.result && run.result.steps > 0) parts.push(duration(run.result.trainingSeconds));
  const changed = changedSettings(run, before).map(
    ({ key, after }) => `${shortKey(key)} ${after ?? "default"}`,
  );
  parts.push(...changed.slice(0, differencesShown));
  if (changed.length > differencesShown) parts.push(`${changed.length - differencesShown} more`);
  if (isFinished(run)) parts.push(age(now - run.startedAt));
  return { label: name ?? outcome, description: parts.join(" · ") };
}

/** What was changed since the run before; nothing where one of the two does not tell its settings. */
function changedSettings(run: RunEntry, before: RunEntry | null): Difference[] {
  return run.settings && before?.settings ? differences(before.settings, run.settings) : [];
}

/** The grey text beside a run's name where runs of all configs are mixed: what it reached and how long ago. */
export function runItemDescription(
  run: RunEntry,
  now: number,
  progress: Progress | null,
  epochs: number | null,
): string {
  const outcome = runOutcome(run, progress, epochs);
  return isFinished(run) ? `${outcome} · ${age(now - run.startedAt)}` : outcome;
}

/** "just now", "5 min ago", "3 h ago", "2 days ago" … */
export function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  if (days < 30) return days === 1 ? "yesterday" : `${days} days ago`;
  const months = Math.floor(days / 30);
  return months < 12 ? `${months} month${months === 1 ? "" : "s"} ago` : `${Math.floor(days / 365)} y ago`;
}

/** "12 s", "3 min 20 s", "1 h 5 min". */
export function duration(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600)
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Markdown shown over a run in the list. Names come from files and are escaped by the caller's `escape`. */
export function runTooltip(
  run: RunEntry,
  before: RunEntry | null,
  startedAt: string,
  escape: (text: string) => string,
): string {
  const lines = [`**${escape(run.title ?? run.name)}** · ${statusWord(run.status)}`];
  if (run.result) lines.push(escape(run.result.message));
  lines.push(`Started ${escape(startedAt)}`);
  if (run.result && run.result.steps > 0)
    lines.push(
      run.result.function
        ? `${run.result.steps} steps`
        : `${run.result.steps} steps, ${run.result.epochs} epochs, ${duration(run.result.trainingSeconds)} of training`,
    );
  if (run.branchedFrom)
    lines.push(
      `Branched from ${escape(run.branchedFrom.run)} at step ${run.branchedFrom.step.toLocaleString("en")}`,
    );
  const changed = changedSettings(run, before);
  if (changed.length > 0) {
    const items = changed.map(
      ({ key, before: old, after }) => `- ${escape(key)}: ${escape(old ?? "–")} → ${escape(after ?? "–")}`,
    );
    lines.push(`Changed since the run before:\n${items.join("\n")}`);
  }
  lines.push(escape(run.configFile));
  return lines.join("\n\n");
}

export interface StatusBarText {
  text: string;
  tooltip: string;
  /** A finished run that went wrong stands out. */
  severity: "none" | "warning" | "error";
}

/** The status bar's text for a live run. */
export function statusBarText(
  run: RunEntry,
  loading: string | null,
  description: AnyDescription | null,
  progress: Progress | null,
): StatusBarText {
  const figure = figureOf(progress, run.result);
  const tail = figure === null ? "" : ` · ${figure}`;
  const percent =
    description && progress && description.totalSteps > 0
      ? ` ${Math.floor((100 * progress.step) / description.totalSteps)}\u00a0%`
      : "";
  const epoch =
    description && progress && !description.function
      ? `Epoch ${progress.epoch} of ${description.epochs}. `
      : "";
  const { icon } = runIcon(run.status);
  const invitation = "Click to show the charts.";
  switch (run.status) {
    case "loading":
      return {
        text: `$(${icon}) ${run.name}`,
        tooltip: `${loading ?? "Reading the data"}. ${invitation}`,
        severity: "none",
      };
    case "running":
      return {
        text: `$(${icon}) ${run.name}${percent}${tail}`,
        tooltip: `Training ${run.name}. ${epoch}${invitation}`,
        severity: "none",
      };
    case "paused":
      return {
        text: `$(${icon}) ${run.name}${percent}${tail}`,
        tooltip: `${run.name} is paused. ${epoch}${invitation}`,
        severity: "none",
      };
    default: {
      const word =
        run.status === "completed" || run.status === "early-stopped" ? "" : ` ${statusWord(run.status)}`;
      return {
        text: `$(${icon}) ${run.name}${word}${run.status === "failed" ? "" : tail}`,
        tooltip: `${run.result?.message ?? statusWord(run.status)} ${invitation}`,
        severity: run.status === "failed" ? "error" : run.status === "diverged" ? "warning" : "none",
      };
    }
  }
}
