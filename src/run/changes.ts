/**
 * Settings that are changed while a run goes: what they make of its config. A run that makes the same changes after the
 * same steps once more takes the same way, so that `run.json` tells of each by its step.
 */
import type { OptimizerConfig, RunConfig, ScheduleConfig } from "../config/runConfig";
import type { RunChange, SettingChange } from "../protocol/changes";

/**
 * The config as if the setting had been written so. A schedule keeps its shape, and all its rates are scaled as the
 * learning rate is. A key that cannot be changed, as a later version may write, leaves it as it is.
 */
export function withChange(config: RunConfig, { key, value }: SettingChange): RunConfig {
  const { optimizer, schedule } = config;
  switch (key) {
    case "batchSize":
      return { ...config, batchSize: value };
    case "optimizer.learningRate": {
      if (value === "full") return config;
      const scale = value / optimizer.learningRate;
      return {
        ...config,
        optimizer: { ...optimizer, learningRate: value },
        schedule: scaled(schedule, scale),
      };
    }
    case "optimizer.momentum":
      return value === "full" ? config : { ...config, optimizer: withMomentum(optimizer, value) };
    default:
      return config;
  }
}

function scaled(schedule: ScheduleConfig, scale: number): ScheduleConfig {
  if (schedule.type === "cosine") return { ...schedule, final: schedule.final * scale };
  if (schedule.type === "one-cycle" && schedule.peak !== undefined)
    return { ...schedule, peak: schedule.peak * scale };
  return schedule;
}

function withMomentum(optimizer: OptimizerConfig, momentum: number): OptimizerConfig {
  return "momentum" in optimizer ? { ...optimizer, momentum } : optimizer;
}

/** The config that held when a step ended, before any change was made there. */
export function configAt(config: RunConfig, changes: readonly RunChange[], step: number): RunConfig {
  return changes.filter((change) => change.step < step).reduce(withChange, config);
}

/** The changes of one run: those that it makes once more, where it takes a way that was taken before, and those that are new. */
export class LiveChanges {
  /** All that have been made, oldest first. */
  readonly made: RunChange[];
  /** Whether the engine can go on with another momentum. */
  momentum = true;
  private planned: RunChange[];

  /**
   * @param changes of the way taken before
   * @param step the one with which it begins
   * @param rebuild gives the run an engine for another config, which goes on where the one before stood
   * @param tell told of each change that has been made; of all, and of those that are still to come
   */
  constructor(
    changes: readonly RunChange[],
    step: number,
    readonly rebuild: (config: RunConfig) => void,
    private readonly tell: (
      made: readonly RunChange[],
      planned: readonly RunChange[],
      config: RunConfig,
    ) => void = () => undefined,
  ) {
    this.made = changes.filter((change) => change.step < step);
    this.planned = changes.filter((change) => change.step >= step);
  }

  /** After so many steps the next planned one comes; Infinity: none. */
  get next(): number {
    return this.planned.length > 0 ? this.planned[0].step : Infinity;
  }

  /**
   * The changes to make after `step` steps.
   *
   * @param asked by the user, just now
   */
  due(step: number, asked: readonly SettingChange[]): RunChange[] {
    const again = this.planned.filter((change) => change.step <= step);
    // From a change of its own on, a run takes a new way.
    this.planned = asked.length > 0 ? [] : this.planned.slice(again.length);
    return [...again, ...asked.map((change) => ({ step, key: change.key, value: change.value }))];
  }

  /** @param config as it is now */
  happened(change: RunChange, config: RunConfig): void {
    this.made.push(change);
    this.tell([...this.made], this.planned, config);
  }
}
