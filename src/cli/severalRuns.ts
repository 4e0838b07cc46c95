/** What a person sees of several runs at once: one line while they go on, a line as each ends, a table of what they reached. */
import { digits } from "../data/wording";
import { formatNumber, percentText } from "../run/numberText";
import { durationText } from "../run/summary";
import type { Metrics, Progress, RunResult } from "../protocol/run";
import type { RunEvent } from "../protocol/worker";

type Write = (text: string) => void;

/** Milliseconds between two drawings of the line. */
const interval = 100;

interface Row {
  name: string;
  totalSteps: number;
  progress: Progress | null;
  result: RunResult | null;
}

export class SeveralRuns {
  private readonly rows: Row[];
  private drawn = -Infinity;
  private told = false;

  /**
   * @param bar a terminal whose last line is drawn over and over, and how wide it is; null where there is none
   * @param write for what stays
   */
  constructor(
    names: readonly string[],
    private readonly bar: { write(text: string): unknown; readonly columns?: number } | null,
    private readonly write: Write,
    private readonly warn: Write,
  ) {
    this.rows = names.map((name) => ({ name, totalSteps: 0, progress: null, result: null }));
  }

  show(index: number, event: RunEvent): void {
    const row = this.rows[index];
    if (event.type === "start") {
      const { name, totalSteps, comparison, notes } = event.description;
      row.totalSteps = totalSteps;
      if (this.told) return;
      this.told = true;
      this.clear();
      const config = comparison ? name.slice(0, -comparison.name.length - 2) : name;
      this.write(`Comparing ${this.rows.length} runs of ${config}: ${this.names()}\n`);
      for (const note of notes) this.write(`Note: ${note}\n`);
    } else if (event.type === "report") {
      row.progress = event.progress;
      this.draw();
    } else if (event.type === "warning") {
      this.clear();
      this.warn(`Warning: ${row.name}: ${event.message}\n`);
    } else if (event.type === "done") {
      row.result = event.result;
      this.clear();
      this.write(`${row.name}: ${event.result.message}\n`);
      if (this.rows.every(({ result }) => result)) this.writeTable();
    }
  }

  private names(): string {
    const names = this.rows.slice(0, 8).map(({ name }) => name);
    return `${names.join("; ")}${this.rows.length > names.length ? " …" : ""}`;
  }

  private draw(): void {
    const now = performance.now();
    if (!this.bar || now - this.drawn < interval) return;
    this.drawn = now;
    const ended = this.rows.filter(({ result }) => result).length;
    const going = this.rows
      .filter(({ progress, result }) => progress && !result)
      .map(({ name, progress, totalSteps }) => {
        const share = totalSteps > 0 ? (progress?.step ?? 0) / totalSteps : 0;
        return `${name} ${Math.floor(100 * share)} %`;
      });
    const width = (this.bar.columns ?? 80) - 1;
    this.bar.write(`\r\u001b[2K${`${ended}/${this.rows.length} done  ${going.join("  ")}`.slice(0, width)}`);
  }

  private clear(): void {
    this.bar?.write("\r\u001b[2K");
  }

  private writeTable(): void {
    const heads = ["run", "status", "steps", ...figuresOf(this.rows[0].result).map(([head]) => head), "time"];
    const cells = this.rows.map(({ name, result }) => [
      name,
      result?.status ?? "",
      digits(result?.steps ?? 0),
      ...figuresOf(result).map(([, figure]) => figure),
      durationText(result?.trainingSeconds ?? 0),
    ]);
    const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i]?.length ?? 0)));
    const lineOf = (row: readonly string[]): string =>
      row
        .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join("  ")
        .trimEnd();
    this.write(`\n${[heads, ...cells].map(lineOf).join("\n")}\n`);
  }
}

/** The columns that tell how good a run became. */
function figuresOf(result: RunResult | null): [head: string, figure: string][] {
  const reached = result?.function;
  if (reached) {
    return [
      ["f", numberText(reached.value)],
      ["gradient norm", numberText(reached.gradientNorm)],
    ];
  }
  const figures: [string, string][] = [["loss", numberText(result?.training?.loss)]];
  if (result?.validation) figures.push(["validation", numberText(result.validation.loss)]);
  const metrics: Metrics | null | undefined = result?.validation ?? result?.training;
  if (metrics?.accuracy !== undefined) {
    figures.push(["accuracy", metrics.accuracy === null ? "unknown" : percentText(metrics.accuracy)]);
  }
  if (metrics?.mae !== undefined) figures.push(["mae", numberText(metrics.mae)]);
  return figures;
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? "not finite" : formatNumber(value);
}
