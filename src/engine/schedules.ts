/**
 * How the learning rate η changes as a run goes. Each schedule is PyTorch's of the same idea:
 *
 * | type | learning rate of step s (from 1) in epoch e (from 1) | PyTorch |
 * |---|---|---|
 * | constant | η | – |
 * | step | η · factor^⌊(e − 1) / every⌋ | StepLR, stepped once an epoch |
 * | exponential | η · factor^(e − 1) | ExponentialLR, stepped once an epoch |
 * | cosine | final + (η − final) · (1 + cos(π t / T)) / 2 | CosineAnnealingLR, stepped after every step |
 * | one-cycle | up from peak / 25 to the peak in 30 % of the steps, then down to peak / 250000, both along a cosine | OneCycleLR without momentum cycling |
 * | reduce-on-plateau | η · factor^(number of reductions) | ReduceLROnPlateau, told the watched loss once an epoch |
 *
 * Every schedule may start with a linear warmup: step s ≤ warmupSteps has s / warmupSteps of its rate. What
 * is counted in steps (cosine, one-cycle) spans the steps after the warmup: t = 0 … T − 1 with T = totalSteps
 * − warmupSteps, waiting at t = 0 during the warmup. What is counted in epochs counts from the start of the
 * run.
 */
import { cosPi, integerPower } from "./elementary";

/** `every` and `patience` count epochs, `final` and `peak` are learning rates. */
export type ScheduleSettings = { warmupSteps: number } & (
  | { type: "constant" }
  | { type: "step"; every: number; factor: number }
  | { type: "exponential"; factor: number }
  | { type: "cosine"; final: number }
  /** Without a peak, the optimiser's learning rate is the peak. */
  | { type: "one-cycle"; peak?: number }
  | { type: "reduce-on-plateau"; factor: number; patience: number }
);

export interface ScheduleScope {
  /** The optimiser's learning rate η. */
  readonly learningRate: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
}

/** What reduce-on-plateau remembers; the other schedules are functions of the step alone. Plain JSON. */
export interface ScheduleState {
  /** The lowest watched loss so far; null before the first. */
  best: number | null;
  /** Epochs in a row without an improvement. */
  badEpochs: number;
  reductions: number;
}

export interface Schedule {
  /** @param step counts from 1 */
  learningRateAt(step: number): number;
  /** Tells the loss that is watched (of the validation rows, else of the training rows), once an epoch. */
  epochEnded(watchedLoss: number): void;
  state(): ScheduleState;
  restore(state: ScheduleState): void;
}

export function createSchedule(settings: ScheduleSettings, scope: ScheduleScope): Schedule {
  const plateau = new Plateau(settings);
  const { warmupSteps } = settings;
  return {
    learningRateAt(step) {
      const epoch = Math.floor((step - 1) / scope.stepsPerEpoch) + 1;
      const rate = scheduledRate(settings, scope, step, epoch, plateau.factor);
      return step < warmupSteps ? rate * (step / warmupSteps) : rate;
    },
    epochEnded: (watchedLoss) => plateau.epochEnded(watchedLoss),
    state: () => plateau.state(),
    restore: (state) => plateau.restore(state),
  };
}

function scheduledRate(
  settings: ScheduleSettings,
  { learningRate, totalSteps }: ScheduleScope,
  step: number,
  epoch: number,
  plateauFactor: number,
): number {
  const t = Math.max(0, step - 1 - settings.warmupSteps);
  const steps = Math.max(1, totalSteps - settings.warmupSteps);
  switch (settings.type) {
    case "constant":
      return learningRate;
    case "step":
      return learningRate * integerPower(settings.factor, Math.floor((epoch - 1) / settings.every));
    case "exponential":
      return learningRate * integerPower(settings.factor, epoch - 1);
    case "cosine":
      return alongCosine(learningRate, settings.final, t / steps);
    case "one-cycle":
      return oneCycle(settings.peak ?? learningRate, t, steps);
    case "reduce-on-plateau":
      return learningRate * plateauFactor;
  }
}

/** From `start` at 0 to `end` at 1 along half a cosine wave: slow, fast, slow. */
function alongCosine(start: number, end: number, fraction: number): number {
  return end + (start - end) * 0.5 * (1 + cosPi(Math.min(fraction, 1)));
}

/**
 * Smith, "Super-convergence", 2018, with PyTorch's defaults: div_factor 25, final_div_factor 10⁴, pct_start
 * 0.3. Up to three steps are too few to rise in: their top lies before the first, as it does in PyTorch.
 */
function oneCycle(peak: number, t: number, steps: number): number {
  const start = peak / 25;
  const top = 0.3 * steps - 1;
  if (t <= top) return alongCosine(start, peak, t / top);
  return alongCosine(peak, start / 1e4, (t - top) / (steps - 1 - top));
}

/**
 * Reduces the rate after more than `patience` epochs in a row without an improvement. An improvement is a
 * loss below 0.9999 of the best one (PyTorch's threshold 1e-4, relative); a loss that is not a number is
 * none.
 */
class Plateau {
  private best = Infinity;
  private badEpochs = 0;
  private reductions = 0;

  constructor(private readonly settings: ScheduleSettings) {}

  get factor(): number {
    return this.settings.type === "reduce-on-plateau"
      ? integerPower(this.settings.factor, this.reductions)
      : 1;
  }

  epochEnded(watchedLoss: number): void {
    if (this.settings.type !== "reduce-on-plateau") return;
    if (watchedLoss < this.best * (1 - 1e-4)) {
      this.best = watchedLoss;
      this.badEpochs = 0;
    } else {
      this.badEpochs++;
    }
    if (this.badEpochs > this.settings.patience) {
      this.reductions++;
      this.badEpochs = 0;
    }
  }

  state(): ScheduleState {
    const { best, badEpochs, reductions } = this;
    return { best: best === Infinity ? null : best, badEpochs, reductions };
  }

  restore({ best, badEpochs, reductions }: ScheduleState): void {
    this.best = best ?? Infinity;
    this.badEpochs = badEpochs;
    this.reductions = reductions;
  }
}
