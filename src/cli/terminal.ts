/** What a person sees of a run: a progress bar on a terminal, plain lines elsewhere. */
import { counted, digits } from "../data/wording";
import { formatNumber, percentText } from "../run/numberText";
import { durationText } from "../run/summary";
import type { AnyDescription, Metrics, Progress, RunDescription, RunResult } from "../protocol/run";
import type { RunEvent } from "../protocol/worker";

export interface RunDisplay {
  show(event: RunEvent): void;
}

type Write = (text: string) => void;

/** Narrow, so that the numbers beside it fit a terminal of 80 columns. */
const barWidth = 12;

/** Milliseconds between two drawings of the bar, and between two plain lines. */
const barInterval = 100;
const lineInterval = 1000;

/** A bar that is drawn over and over in the last line of a terminal. */
export class ProgressBar implements RunDisplay {
  private description: AnyDescription | null = null;
  private drawn = -Infinity;

  /**
   * @param bar the terminal's stream, and how wide it is
   * @param write for what stays: the heading and the sentence at the end; null leaves them out
   */
  constructor(
    private readonly bar: { write(text: string): unknown; readonly columns?: number },
    private readonly write: Write | null,
  ) {}

  show(event: RunEvent): void {
    if (event.type === "loading") {
      const done = event.fraction === null ? "" : ` ${Math.round(100 * event.fraction)} %`;
      this.draw(`${event.message} …${done}`);
    } else if (event.type === "start") {
      this.description = event.description;
      this.clear();
      for (const line of heading(event)) this.write?.(`${line}\n`);
    } else if (event.type === "report") {
      const now = performance.now();
      if (!this.description || now - this.drawn < barInterval) return;
      this.drawn = now;
      this.draw(this.barText(event.progress, this.description));
    } else if (event.type === "changed") this.description = event.description;
    else if (event.type === "warning") {
      this.clear();
      this.bar.write(`Warning: ${event.message}\n`);
    } else {
      this.clear();
      for (const line of ending(event.result, this.description)) this.write?.(`${line}\n`);
    }
  }

  private barText(progress: Progress, description: AnyDescription): string {
    const fraction = description.totalSteps > 0 ? progress.step / description.totalSteps : 1;
    const filled = Math.round(fraction * barWidth);
    const parts = [
      `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${Math.floor(100 * fraction)} %`,
      whereText(progress, description),
      ...metricTexts(progress),
    ];
    if (progress.secondsLeft !== null) parts.push(`${durationText(Math.ceil(progress.secondsLeft))} left`);
    return parts.join("  ");
  }

  private draw(text: string): void {
    const width = (this.bar.columns ?? 80) - 1;
    this.bar.write(`\r\u001b[2K${text.slice(0, width)}`);
  }

  private clear(): void {
    this.bar.write("\r\u001b[2K");
  }
}

/** A line a second at most, for logs and pipes. */
export class PlainLines implements RunDisplay {
  private description: AnyDescription | null = null;
  private shown = performance.now();
  private epoch = 0;

  constructor(
    private readonly write: Write,
    private readonly warn: Write,
  ) {}

  show(event: RunEvent): void {
    if (event.type === "start") {
      this.description = event.description;
      for (const line of heading(event)) this.write(`${line}\n`);
    } else if (event.type === "report") {
      const { progress } = event;
      const now = performance.now();
      if (!this.description || progress.epoch === this.epoch || now - this.shown < lineInterval) return;
      this.shown = now;
      this.epoch = progress.epoch;
      this.write(`${[whereText(progress, this.description), ...metricTexts(progress)].join("  ")}\n`);
    } else if (event.type === "warning") {
      this.warn(`Warning: ${event.message}\n`);
    } else if (event.type === "done") {
      for (const line of ending(event.result, this.description)) this.write(`${line}\n`);
    }
  }
}

function heading({ description, resumed }: Extract<RunEvent, { type: "start" }>): string[] {
  const { name, optimizer, learningRate, notes, totalSteps } = description;
  const how = `${optimizer}, learning rate ${formatNumber(learningRate)}`;
  const from = resumed ? `, from step ${digits(resumed.step)} of ${digits(totalSteps)} on` : "";
  return [
    description.function
      ? `Minimising ${name}: f(${description.function.variables.join(", ")}) = ${description.function.expression}, ${how}`
      : `Training ${name}: ${networkText(description)}, ${how}, batches of ${digits(description.batchSize)}${from}`,
    ...notes.map((note) => `Note: ${note}`),
  ];
}

function networkText({ rows, layers }: RunDescription): string {
  const sets = [counted(rows.training, "training row")];
  if (rows.validation) sets.push(counted(rows.validation, "validation row"));
  if (rows.test) sets.push(counted(rows.test, "test row"));
  return `${sets.join(", ")}, network ${layers.join("-")}`;
}

function whereText(progress: Progress, description: AnyDescription): string {
  return description.function
    ? `step ${digits(progress.step)}/${digits(description.totalSteps)}`
    : `epoch ${digits(progress.epoch)}/${digits(description.epochs)}`;
}

/** The sentence at the end; what went wrong goes to stderr instead. */
function ending(result: RunResult, description: AnyDescription | null): string[] {
  if (result.status === "failed" || result.status === "diverged") return [];
  const lines = [result.message];
  if (description?.folder) lines.push(`Kept in ${description.folder}`);
  return lines;
}

function metricTexts({ training, validation, function: state }: Progress): string[] {
  if (state) return [`f ${valueText(state.value)}`, `gradient norm ${valueText(state.gradientNorm)}`];
  const texts: string[] = [];
  if (training) texts.push(`loss ${valueText(training.loss)}`);
  if (validation) texts.push(`validation ${valueText(validation.loss)}`);
  const shown: Metrics | null = validation ?? training;
  if (shown?.accuracy !== undefined)
    texts.push(`accuracy ${shown.accuracy === null ? "unknown" : percentText(shown.accuracy)}`);
  if (shown?.mae !== undefined) texts.push(`mae ${valueText(shown.mae)}`);
  return texts;
}

function valueText(value: number | null): string {
  return value === null ? "not finite" : formatNumber(value);
}
