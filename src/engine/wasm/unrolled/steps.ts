/**
 * `runSteps` of `../kernel/index.ts` for one network and one set of settings, as a module of its own that is generated when a run starts:
 * nothing is looked up, nothing is looped over but steps and groups of four rows, and parameters, slots and gradients stay in local
 * variables. In a network of few parameters those lookups take most of the time.
 *
 * It computes the same bits as the general kernels, so that which of the two serves is a matter of speed alone.
 */
import type { EngineSettings } from "../../engine";
import { targetWidth } from "../../losses";
import { inputCount, outputCount, parameterCount } from "../../network";
import { type Arena, panelStride } from "../arena";
import { packedLength } from "../panels";
import { FunctionBody } from "./functionBody";
import { type Code, control, f32, f32x4, f64, f64x2, i32, i32x4, v128 } from "./instructions";
import { type Forward, type Places, unrollLayer } from "./layers";
import { type LossSum, lossSum } from "./losses";
import { encodeModule } from "./module";
import { type Tile, tileInMemory } from "./tile";

/** The general kernels sum squares over so many inputs before they go on in float64. */
const MOST_INPUTS = 64;
const LARGEST_FLOAT = 3.4028234663852886e38;
const DRAW_MASKS = 0;

/** Whether `unrolledSteps` can serve. */
export function canUnroll({ network, loss, optimizer }: EngineSettings, mostParameters: number): boolean {
  return (
    parameterCount(network) <= mostParameters &&
    network.layers.every(({ inputs }) => inputs <= MOST_INPUTS) &&
    !(loss === "categorical-cross-entropy" && outputCount(network) === 1) &&
    // Without it, 0 / 0 in the lanes that only fill up a vector.
    !("epsilon" in optimizer && optimizer.epsilon === 0)
  );
}

/**
 * The module's bytes. It imports `env.memory`, laid out as `arena` says, and `env.drawMasks` (run, step, rows), which draws
 * the dropout factors of a step of the call. It exports `runSteps` (steps, rows of the order) → steps completed. It reads learning rates and rows
 * and leaves losses and norms where the general kernels do; `transposed` is not kept in line.
 */
export function unrolledSteps(
  settings: EngineSettings,
  arena: Arena,
  sharedMemory: boolean,
): Uint8Array<ArrayBuffer> {
  const body = new FunctionBody(2);
  new StepWriter(body, settings, arena).write();
  return encodeModule({ sharedMemory, body: body.bytes() });
}

class StepWriter {
  private readonly steps: Code;
  private readonly orderCount: Code;
  private readonly inputs: number;
  private readonly targetWidth: number;

  constructor(
    private readonly body: FunctionBody,
    private readonly settings: EngineSettings,
    private readonly arena: Arena,
  ) {
    const { network, loss } = settings;
    this.steps = body.parameter(0);
    this.orderCount = body.parameter(1);
    this.inputs = inputCount(network);
    this.targetWidth = targetWidth(loss, outputCount(network));
  }

  write(): void {
    const { body, settings } = this;
    const { network, loss, batchSize } = settings;
    const step = body.variable("i32");
    const group = body.variable("i32");
    const layers = network.layers.map((layer, index) =>
      unrollLayer(body, layer, this.places(index, group.get)),
    );
    const losses = lossSum(body, loss, outputCount(network));

    layers.forEach((layer) => layer.load());
    const store = body.block(() => layers.forEach((layer) => layer.store()));
    body.do(
      this.loop(step, this.steps, 1, () => {
        const from = body.keep(i32.mul(step.get, i32.const(batchSize)), "i32");
        const left = body.keep(i32.sub(this.orderCount, from), "i32");
        const rows = body.keep(
          i32.select(i32.const(batchSize), left, i32.ltS(i32.const(batchSize), left)),
          "i32",
        );
        if (network.layers.some(({ dropout }) => dropout > 0)) {
          body.do(control.call(DRAW_MASKS, i32.const(this.arena.run), step.get, rows));
        }
        const divisor = this.divisor(from, rows);
        layers.slice(1).forEach((layer) => layer.prepare());
        layers.forEach((layer) => layer.clearGradient());
        losses.clear();
        this.gradient(layers, losses, { group, from, rows, divisor });

        const loss = body.keep(f64.div(losses.sum, divisor), "f64");
        const squares = layers.flatMap((layer) => layer.squares());
        const norm = body.keep(f64.sqrt(squares.reduce((a, b) => f64.add(a, b))), "f64");
        const at = body.keep(i32.shl(step.get, i32.const(3)), "i32");
        body.do(f64.store(this.arena.losses, at, loss));
        body.do(f64.store(this.arena.norms, at, norm));
        const small = (x: Code) => f64.le(x, f64.const(LARGEST_FLOAT));
        const finite = i32.and(small(f64.abs(loss)), small(norm));
        body.do(control.if(i32.eqz(finite), [store, control.return(step.get)]));
        this.update(layers, step.get, norm);
      }),
    );
    body.do(store);
    body.do(this.steps);
  }

  private update(layers: ReturnType<typeof unrollLayer>[], step: Code, norm: Code): void {
    const { body, settings, arena } = this;
    const { optimizer, gradientClipNorm } = settings;
    const at = body.keep(i32.shl(step, i32.const(4)), "i32");
    const adam = optimizer.type === "adam" || optimizer.type === "adamw";
    const scalar = (index: number) => body.keep(v128.loadSplat(arena.stepScalars + 4 * index, at));
    const learningRate = scalar(0);
    const [adamRate, adamRoot, shrink] = adam ? [1, 2, 3].map(scalar) : [[], [], []];
    const gradientScale =
      gradientClipNorm === undefined ? null : body.keep(this.clippingScale(gradientClipNorm, norm));
    const scalars = { learningRate, adamRate, adamRoot, shrink, gradientScale };
    layers.forEach((layer) => layer.update(optimizer, scalars));
  }

  private clippingScale(limit: number, norm: Code): Code {
    const ratio = f64.div(f64.const(Math.fround(limit)), f64.add(norm, f64.const(1e-6)));
    return f32x4.splat(f32.fromF64(f64.min(f64.const(1), ratio)));
  }

  /** Forward and back, four rows at a time. */
  private gradient(
    layers: ReturnType<typeof unrollLayer>[],
    losses: LossSum,
    {
      group,
      from,
      rows,
      divisor,
    }: { group: { get: Code; set(value: Code): void }; from: Code; rows: Code; divisor: Code },
  ): void {
    const { body, settings, arena } = this;
    const { network } = settings;
    const outputs = outputCount(network);
    const scale = body.keep(f64.div(f64.const(1), divisor), "f64");
    const scales = body.keep(f64x2.splat(scale));
    const perOutput = body.keep(
      f32x4.splat(f32.fromF64(outputs === 1 ? scale : f64.div(scale, f64.const(outputs)))),
    );
    const last = body.keep(i32.sub(rows, i32.const(1)), "i32");
    body.do(
      this.loop(group, rows, 4, () => {
        // Rows that the batch has not are copies of its last one, and masked out of losses and derivatives.
        const addresses = [0, 1, 2, 3].map((i) => this.rowAddresses(from, group.get, last, i));
        const left = i32.sub(rows, group.get);
        const rowMask = body.keep(i32x4.gtS(i32x4.splat(left), i32x4.const(0, 1, 2, 3)));

        let x: Tile = tileInMemory(
          body,
          addresses.map(({ input }) => input),
        );
        const forwards: Forward[] = [];
        for (const [index, layer] of layers.entries()) {
          const forward = layer.forward(x, index < layers.length - 1);
          forwards.push(forward);
          x = forward.output;
        }
        let delta = losses.add({
          outputs,
          z: x,
          targets: addresses.map(({ target }) => target),
          rowMask,
          scale: scales,
          perOutput,
          classWeights: settings.classWeights ?? null,
          classWeightsAt: arena.classWeights,
        });
        for (let l = layers.length - 1; l >= 0; l--) {
          layers[l].accumulate(forwards[l].input, delta);
          if (l > 0) delta = layers[l].backward(delta, forwards[l - 1], network.layers[l - 1].units);
        }
      }),
    );
  }

  private rowAddresses(from: Code, group: Code, last: Code, i: number): { input: Code; target: Code } {
    const { body, arena } = this;
    const [order, inputs, targets] = arena.resident
      ? [arena.order, arena.inputs, arena.targets]
      : [arena.identity, arena.stagedInputs, arena.stagedTargets];
    const row = body.keep(i32.add(group, i32.const(i)), "i32");
    const present = i === 0 ? row : i32.select(row, last, i32.ltS(row, last));
    const place = i32.shl(i32.add(from, present), i32.const(2));
    const index = body.keep(i32.load(order, place), "i32");
    const times = (numbers: number) => i32.mul(index, i32.const(4 * numbers));
    return {
      input: body.keep(i32.add(times(this.inputs), i32.const(inputs)), "i32"),
      target: body.keep(i32.add(times(this.targetWidth), i32.const(targets)), "i32"),
    };
  }

  /** What the sum of a batch's losses is divided by. */
  private divisor(from: Code, rows: Code): Code {
    const { body, arena, settings } = this;
    if (!settings.classWeights || settings.loss !== "categorical-cross-entropy") {
      return body.keep(f64.fromU32(rows), "f64");
    }
    const sum = body.variable("f64");
    const row = body.variable("i32");
    sum.set(f64.const(0));
    body.do(
      this.loop(row, rows, 1, () => {
        const { target } = this.rowAddresses(from, row.get, row.get, 0);
        const index = i32.truncF32(f32.load(0, target));
        const weight = f32.load(arena.classWeights, i32.shl(index, i32.const(2)));
        sum.set(f64.add(sum.get, f64.fromF32(weight)));
      }),
    );
    return sum.get;
  }

  /** variable = 0; do { body } while ((variable += step) < end) */
  private loop(
    variable: { get: Code; set(value: Code): void },
    end: Code,
    step: number,
    write: () => void,
  ): Code {
    const { body } = this;
    return body.block(() => {
      variable.set(i32.const(0));
      const inner = body.block(() => {
        body.scope(() => {
          write();
          return [];
        });
        variable.set(i32.add(variable.get, i32.const(step)));
        body.do(control.branchIf(0, i32.ltS(variable.get, end)));
      });
      body.do(control.loop(inner));
    });
  }

  private places(index: number, group: Code): Places {
    const { arena, settings } = this;
    const before = settings.network.layers
      .slice(0, index)
      .reduce((sum, layer) => sum + packedLength(layer), 0);
    const { mask } = arena.activations[index];
    return {
      weight: arena.weights + 4 * before,
      slotOffsets: Array.from({ length: arena.slots }, (_, i) => 4 * (i + 1) * arena.packedLength),
      mask:
        mask === 0
          ? null
          : {
              at: i32.shl(group, i32.const(5)),
              start: mask,
              stride: panelStride(arena.trainingRows),
            },
    };
  }
}
