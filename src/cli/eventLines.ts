/** A run's events as JSON lines. */
import type { Metrics, RunDescription, RunResult } from "../protocol/run";
import { BatchPlan } from "../run/batchPlan";
import type { ResumedFrom, RunEvent } from "../protocol/worker";

/** Writes the events of one run as they come. */
export class EventLines {
  private epochOf = (step: number): number => step;
  private rows: RunDescription["rows"] | null = null;

  /** @param run its name, where one config stands for several */
  constructor(private readonly run?: string) {}

  /** The lines of an event, each ended by a newline; "" for events that are not written. */
  of(event: RunEvent): string {
    const lines = this.linesOf(event);
    if (this.run === undefined) return lines;
    // Every line is an object that begins with its type.
    const told = `,"run":${JSON.stringify(this.run)}`;
    return lines.replaceAll(/^\{"type":"[a-z]+"/gm, (type) => type + told);
  }

  private linesOf(event: RunEvent): string {
    switch (event.type) {
      case "loading":
        return "";
      case "changed":
        // A change is made once more where a run is computed again.
        if (!event.description.function) this.epochOf = epochsOf(event.description);
        return "";
      case "start":
        // A step on a function sees all there is to see: it is an epoch.
        if (event.description.function) return line({ type: "start", ...event.description });
        this.epochOf = epochsOf(event.description);
        this.rows = event.description.rows;
        return line({ type: "start", ...described(event.description), ...goesOn(event.resumed) });
      case "report":
        return reportLines(event, this.epochOf);
      case "warning":
        return line({ type: "warning", message: event.message });
      case "done":
        return line({ type: "done", ...ended(event.result, this.rows) });
    }
  }
}

function epochsOf({ rows, batchSize, batchOrigin }: RunDescription): (step: number) => number {
  const plan = new BatchPlan(rows.training, batchSize, batchOrigin);
  return (step) => plan.epochOf(step);
}

/** Steps and epochs in the order in which they happened. */
function reportLines(
  { steps, epochs }: Extract<RunEvent, { type: "report" }>,
  epochOf: (step: number) => number,
): string {
  let text = "";
  let row = 0;
  const stepsUpTo = (last: number): void => {
    if (!steps) return;
    for (; row < steps.step.length && steps.step[row] <= last; row++) {
      text += line({
        type: "step",
        step: steps.step[row],
        epoch: epochOf(steps.step[row]),
        loss: steps.loss[row],
        gradientNorm: steps.gradientNorm[row],
        learningRate: steps.learningRate[row],
        ...(steps.point && { point: steps.point.map((values) => values[row]) }),
      });
    }
  };
  for (let i = 0; epochs && i < epochs.epoch.length; i++) {
    stepsUpTo(epochs.step[i]);
    // Epoch 0 is the start, before any training: a chart's matter.
    if (epochs.epoch[i] === 0) continue;
    const metrics: Record<string, Record<string, number>> = {};
    for (const [name, values] of Object.entries(epochs.metrics)) {
      const [set, metric] = name.split(".");
      (metrics[set] ??= {})[metric] = values[i];
    }
    text += line({ type: "epoch", epoch: epochs.epoch[i], step: epochs.step[i], ...metrics });
  }
  stepsUpTo(Infinity);
  return text;
}

/** Where a resumed run goes on: its events begin after that step. */
function goesOn(resumed: ResumedFrom | undefined): object {
  return resumed ? { resumed: { step: resumed.step, epoch: resumed.epoch } } : {};
}

function described(description: RunDescription): object {
  const { training, validation, test } = description.rows;
  const rows = { training, ...(validation ? { validation } : {}), ...(test ? { test } : {}) };
  return { ...description, rows };
}

/** Sets of rows that the run does not have are absent; those that were not evaluated are null. */
function ended(
  { status, validation, test, function: reached, ...rest }: RunResult,
  rows: RunDescription["rows"] | null,
): object {
  if (reached) {
    const { steps, trainingSeconds, message, weightsFile } = rest;
    return { status, steps, trainingSeconds, ...reached, message, ...(weightsFile && { weightsFile }) };
  }
  const sets: Record<string, Metrics | null> = {};
  if (rows?.validation) sets.validation = validation;
  if (rows?.test) sets.test = test;
  const { training, ...numbers } = rest;
  return { status, ...numbers, training, ...sets };
}

/** JSON.stringify writes numbers that are not finite as null. */
function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
