/** Advice for a run from what it has told so far: for the host of a live run, and when a stored one is loaded. */
import { advise } from "../advice/advise";
import type { Evidence } from "../advice/evidence";
import type { HealthFacts } from "../advice/health";
import { runConfigLanguage } from "../config/files";
import type { RunConfig } from "../config/runConfig";
import type { AdviceItem } from "../protocol/advice";
import { layerKey, type HealthColumns } from "../protocol/health";
import type { AnyDescription, EpochColumns, RunResult, StepColumns } from "../protocol/run";
import { readRunConfig } from "./readRunConfig";

/** What a run has told so far. */
export interface Told {
  description: AnyDescription | null;
  steps: StepColumns;
  epochs: EpochColumns;
  /** Absent where no step was looked at. */
  health?: HealthColumns;
  result: RunResult | null;
}

/** The advice for a run of a config; none for a run that came to nothing or of a function. */
export function adviceFor(config: RunConfig | null, told: Told): AdviceItem[] {
  const evidence = config && evidenceOf(config, told);
  return evidence ? advise(evidence) : [];
}

function evidenceOf(
  config: RunConfig,
  { description, steps, epochs, health, result }: Told,
): Evidence | null {
  if (!description || description.function || result?.status === "failed") return null;
  const { baseline, rows } = description;
  return {
    config,
    task: description.task,
    loss: description.loss,
    classes: description.classes,
    batchSize: description.batchSize,
    trainingRows: rows.training,
    validationRows: rows.validation,
    stepsPerEpoch: description.stepsPerEpoch,
    totalSteps: description.totalSteps,
    baseline: {
      label: baseline.label,
      loss: baseline.training.loss,
      accuracy: baseline.training.accuracy ?? null,
    },
    validationBaselineAccuracy: baseline.validation?.accuracy ?? null,
    steps,
    epochs,
    status: result === null ? "running" : result.status === "diverged" ? "diverged" : "ended",
    divergedAt: result?.status === "diverged" ? result.steps + 1 : null,
    inputs: description.inputs ?? null,
    health: health ? healthFacts(health, description.layers.length - 2) : null,
  };
}

/** @param hiddenLayers of the network, whose keys count from 0 */
function healthFacts({ step, values }: HealthColumns, hiddenLayers: number): HealthFacts {
  const deadUnits: { layer: number; fraction: number }[] = [];
  for (let layer = 0; layer < hiddenLayers; layer++) {
    // Not every probe counts them.
    const key = layerKey(layer, "deadUnits");
    const fraction = key in values ? values[key].findLast((value) => !Number.isNaN(value)) : undefined;
    if (fraction !== undefined) deadUnits.push({ layer: layer + 1, fraction });
  }
  return { ratios: { step, ratio: values["decreaseRatio"] ?? [] }, deadUnits };
}

/** Milliseconds between two looks at a run that goes on. */
const interval = 1000;

/** Follows a live run: looks now and then, and once more at its end, and says when the advice has changed. */
export class Adviser {
  private config: RunConfig | null | undefined;
  private items: AdviceItem[] = [];
  private known = "[]";
  private looked = 0;

  /** @param text of the run config as the run began with it; null where nobody knows */
  constructor(
    private readonly configFile: string,
    private readonly text: string | null,
  ) {}

  get advice(): AdviceItem[] {
    return this.items;
  }

  /** The advice when it is time to look and it has changed; else null. `told` is asked only when it is time. */
  look(told: () => Told, ended: boolean): AdviceItem[] | null {
    const now = Date.now();
    if (!ended && now - this.looked < interval) return null;
    this.looked = now;
    this.items = adviceFor(this.readConfig(), told());
    const text = JSON.stringify(this.items);
    if (text === this.known) return null;
    this.known = text;
    return this.items;
  }

  private readConfig(): RunConfig | null {
    if (this.config !== undefined) return this.config;
    const language = runConfigLanguage(this.configFile) ?? "json";
    this.config = this.text === null ? null : (readRunConfig(this.text, language).config ?? null);
    return this.config;
  }
}
