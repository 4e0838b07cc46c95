/** The parameters and their optimiser's slots: in panels, where the kernels use them, and flat, as everybody else knows them. */
import { expectLength } from "../checks";
import type { FloatArray, Network, Snapshot } from "../engine";
import type { Machine } from "./machine";
import { pack, unpack } from "./panels";

export class Parameters {
  private readonly flat: Float32Array;
  /** Whether `flat` is behind the panels. */
  private stale = false;

  /** @param initial as many numbers as the network has parameters */
  constructor(
    private readonly machine: Machine,
    private readonly network: Network,
    initial: FloatArray,
    flat?: Float32Array,
  ) {
    this.flat = flat ?? new Float32Array(initial.length);
    this.set(initial);
  }

  /** The same, in another machine. Who holds the flat array holds the right one still. */
  movedTo(machine: Machine, state: Omit<Snapshot, "step">): Parameters {
    const moved = new Parameters(machine, this.network, state.parameters, this.flat);
    moved.restore(state);
    return moved;
  }

  get count(): number {
    return this.flat.length;
  }

  /** The flat array itself, as it was when it was last up to date: to recognise it. */
  get view(): Float32Array {
    return this.flat;
  }

  /** The flat array, brought up to date. */
  get current(): Float32Array {
    if (this.stale) {
      unpack(this.network, this.packed(this.machine.arena.weights), this.flat);
      this.stale = false;
    }
    return this.flat;
  }

  /** To be told when the kernels are about to change the panels. */
  changing(): void {
    this.stale = true;
  }

  set(parameters: FloatArray): void {
    const { arena, run, kernels } = this.machine;
    this.flat.set(parameters);
    this.stale = false;
    pack(this.network, parameters, this.packed(arena.weights));
    run.write({ layers: arena.liveLayers });
    kernels.transposeAll(arena.run);
  }

  /** Has the kernels use given parameters: the run's own where they lie, others packed beside. Returns the panels' address. */
  use(parameters: FloatArray, firstLayer = 0): number {
    const { arena, run } = this.machine;
    if (parameters === this.flat) {
      run.write({ layers: arena.liveLayers });
      return arena.weights;
    }
    expectLength("parameters", parameters, this.count);
    pack(this.network, parameters, this.packed(arena.probeWeights), firstLayer);
    run.write({ layers: arena.probeLayers });
    return arena.probeWeights;
  }

  /** The gradient that the kernels left where the backup is. */
  gradient(): Float32Array {
    const gradient = new Float32Array(this.count);
    unpack(this.network, this.packed(this.machine.arena.backup), gradient);
    return gradient;
  }

  /** Keeps parameters and slots as they are for `goBack`. */
  keep(): void {
    const { weights, backup, packedLength, slots } = this.machine.arena;
    this.machine.floats.copyWithin(backup / 4, weights / 4, weights / 4 + packedLength * (1 + slots));
  }

  goBack(): void {
    const { arena, floats, kernels } = this.machine;
    const { weights, backup, packedLength, slots } = arena;
    floats.copyWithin(weights / 4, backup / 4, backup / 4 + packedLength * (1 + slots));
    kernels.transposeAll(arena.run);
    this.stale = true;
  }

  snapshot(): Omit<Snapshot, "step"> {
    return this.stateAt(this.machine.arena.weights);
  }

  /** What `keep` kept. */
  kept(): Omit<Snapshot, "step"> {
    return this.stateAt(this.machine.arena.backup);
  }

  private stateAt(address: number): Omit<Snapshot, "step"> {
    const { slots, packedLength } = this.machine.arena;
    const [parameters, ...others] = Array.from({ length: 1 + slots }, (_, index) => {
      const flat = new Float32Array(this.count);
      unpack(this.network, this.packed(address + index * packedLength * 4), flat);
      return flat;
    });
    return { parameters, slots: others };
  }

  /** @throws RangeError if sizes or the number of slots do not fit */
  restore({ parameters, slots }: Omit<Snapshot, "step">): void {
    const { arena } = this.machine;
    expectLength("parameters", parameters, this.count);
    if (slots.length !== arena.slots) {
      throw new RangeError(`this optimiser has ${arena.slots} slots, and the snapshot ${slots.length}`);
    }
    for (const slot of slots) expectLength("a slot", slot, this.count);
    this.set(parameters);
    slots.forEach((slot, index) => pack(this.network, slot, this.packed(this.slotAddress(index))));
  }

  private slotAddress(index: number): number {
    const { arena } = this.machine;
    return arena.weights + (index + 1) * arena.packedLength * 4;
  }

  private packed(address: number): Float32Array {
    return this.machine.floats.subarray(address / 4, address / 4 + this.machine.arena.packedLength);
  }
}
