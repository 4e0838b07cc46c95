/**
 * Looks at single steps of a run from both ends: the gradient before, the loss after, with the same rows and the same dropout
 * masks. The engine computes both at parameters that it is given, so that a run that is looked at takes the same way, bit for bit.
 */
import { DeadUnits } from "../../descent/health/deadUnits";
import { stepHealth } from "../../descent/health/stepHealth";
import type { Engine, FloatArray } from "../../engine/engine";
import { layerKey } from "../../protocol/health";
import { ProbePace } from "./probePace";

/** A step that the user makes by hand is looked at whatever that costs, up to so many milliseconds. */
const patience = 1000;

/** Looking takes about so many times as long as a step … */
const stepsPerLook = 4;

/** … and so many milliseconds for each parameter. */
const perParameter = 2e-5;

/** A step that is being looked at. */
interface Begun {
  step: number;
  /** The step whose dropout masks are drawn. */
  masks: number;
  rows: Uint32Array;
  before: FloatArray;
  gradient: FloatArray;
  loss: number;
  took: number;
}

export class StepProbe {
  private readonly pace: ProbePace;
  private readonly dead: DeadUnits;
  /** Counted once: an engine that computes elsewhere fetches its parameters. */
  private readonly parameterCount: number;

  /**
   * @param tell is given the quantities by their keys in HealthColumns
   * @param everyStep whatever that costs
   */
  constructor(
    private readonly engine: Engine,
    trainingRows: number,
    private readonly tell: (step: number, values: Record<string, number>) => void,
    private readonly everyStep = false,
  ) {
    this.pace = new ProbePace(performance.now());
    this.parameterCount = engine.parameters.length;
    this.dead = new DeadUnits(engine.network, trainingRows);
  }

  /**
   * @param stepTime milliseconds of a step
   * @param byHand whether the user makes steps one by one
   */
  wanted(stepTime: number, byHand: boolean): boolean {
    if (this.everyStep) return true;
    const guess = stepsPerLook * stepTime + perParameter * this.parameterCount;
    const due = this.pace.due(performance.now(), guess);
    return byHand ? guess < patience : due;
  }

  /** Looks at where a step begins. Null when an interrupt came between. */
  begin(step: number, rows: Uint32Array, interrupt: Int32Array): Begun | null {
    const started = performance.now();
    const { parameters } = this.engine;
    // The masks go by the engine's own count, which in a branch may be another.
    const masks = this.engine.step + 1;
    const at = this.engine.stepGradientAt(parameters, rows, masks, interrupt);
    const took = performance.now() - started;
    if (at)
      return { step, masks, rows, before: parameters.slice(), ...at, took: performance.now() - started };
    this.pace.looked(performance.now(), took);
    return null;
  }

  /** Looks at where the step has led, and tells of it. */
  end({ step, masks, rows, before, gradient, loss, took }: Begun, interrupt: Int32Array): void {
    const started = performance.now();
    const after = this.engine.parameters;
    const at = this.engine.stepGradientAt(after, rows, masks, interrupt);
    if (at) {
      this.dead.observe(gradient, rows.length);
      const { network } = this.engine;
      const health = stepHealth(network, { before, after, gradient, lossBefore: loss, lossAfter: at.loss });
      const values: Record<string, number> = { decreaseRatio: health.decreaseRatio, angle: health.angle };
      const dead = this.dead.fractions();
      for (const [l, { gradientNorm, updateRatio }] of health.layers.entries()) {
        values[layerKey(l, "gradientNorm")] = gradientNorm;
        values[layerKey(l, "updateRatio")] = updateRatio;
        if (network.layers[l].activation === "relu") values[layerKey(l, "deadUnits")] = dead[l];
      }
      this.tell(step, values);
    }
    const now = performance.now();
    this.pace.looked(now, took + now - started);
  }
}
