import type {
  Engine,
  Evaluation,
  FloatArray,
  Network,
  ParameterPlane,
  Samples,
  Snapshot,
  StepsReport,
} from "../engine/engine";

/**
 * An engine that another one can take the place of, for the same network and data: with other batches, or another momentum. It goes
 * on where the one before stood, and who holds it need not know.
 */
export class ChangeableEngine implements Engine {
  constructor(private inner: Engine) {}

  become(next: Engine): void {
    next.restore(this.inner.snapshot());
    this.inner = next;
  }

  get kernel(): string {
    return this.inner.kernel;
  }
  get network(): Network {
    return this.inner.network;
  }
  get parameters(): FloatArray {
    return this.inner.parameters;
  }
  get evaluationRows(): number | undefined {
    return this.inner.evaluationRows;
  }
  get step(): number {
    return this.inner.step;
  }

  runSteps(order: Uint32Array, learningRates: Float64Array, interrupt?: Int32Array): StepsReport {
    return this.inner.runSteps(order, learningRates, interrupt);
  }

  gradientAt(parameters: FloatArray, rows: Uint32Array): { loss: number; gradient: FloatArray } {
    return this.inner.gradientAt(parameters, rows);
  }

  stepGradientAt(
    parameters: FloatArray,
    rows: Uint32Array,
    step: number,
    interrupt?: Int32Array,
  ): { loss: number; gradient: FloatArray } | null {
    return this.inner.stepGradientAt(parameters, rows, step, interrupt);
  }

  evaluate(parameters: FloatArray, samples: Samples, from?: number, to?: number): Evaluation {
    return this.inner.evaluate(parameters, samples, from, to);
  }

  firstPreActivations(parameters: FloatArray, samples: Samples, from?: number, to?: number): FloatArray {
    return this.inner.firstPreActivations(parameters, samples, from, to);
  }

  evaluateFrom(
    preActivations: FloatArray,
    parameters: FloatArray,
    samples: Samples,
    from?: number,
    to?: number,
  ): Evaluation {
    return this.inner.evaluateFrom(preActivations, parameters, samples, from, to);
  }

  lossesOnPlane(
    plane: ParameterPlane,
    a: Float64Array,
    b: Float64Array,
    samples: Samples,
    from?: number,
    to?: number,
  ): Float64Array {
    return this.inner.lossesOnPlane(plane, a, b, samples, from, to);
  }

  hessianVector(parameters: FloatArray, rows: Uint32Array, vector: FloatArray): FloatArray {
    return this.inner.hessianVector(parameters, rows, vector);
  }

  snapshot(): Snapshot {
    return this.inner.snapshot();
  }

  restore(snapshot: Snapshot): void {
    this.inner.restore(snapshot);
  }
}
