/** The records of `kernel/memory.ts`, as the host writes them. */

/** Field names in the order in which the kernels declare them; each takes 4 bytes, "f32" ones hold a float. */
const layerFields = {
  inputs: "i32",
  units: "i32",
  panels: "i32",
  activation: "i32",
  weight: "i32",
  transposed: "i32",
  input: "i32",
  output: "i32",
  slope: "i32",
  mask: "i32",
  dropoutThreshold: "i32",
  dropoutKept: "f32",
  firstSquare: "i32",
} as const;

const runFields = {
  layers: "i32",
  layerCount: "i32",
  loss: "i32",
  optimizer: "i32",
  batchSize: "i32",
  capacity: "i32",
  stride: "i32",
  fused: "i32",
  hasDropout: "i32",
  inputs: "i32",
  targets: "i32",
  order: "i32",
  orderCount: "i32",
  targetWidth: "i32",
  blockTargets: "i32",
  rowScratch: "i32",
  strips: "i32",
  squares: "i32",
  squareCount: "i32",
  gradientOffset: "i32",
  slotOffset1: "i32",
  slotOffset2: "i32",
  stepScalars: "i32",
  losses: "i32",
  norms: "i32",
  decay1: "f32",
  decay2: "f32",
  gain1: "f32",
  gain2: "f32",
  epsilon: "f32",
  weightDecay: "f32",
  clipNorm: "f32",
  stepLow: "i32",
  stepHigh: "i32",
  seedLow: "i32",
  seedHigh: "i32",
  checked: "i32",
  classWeights: "i32",
  weightedMean: "i32",
  groupLosses: "i32",
  crew: "i32",
  byRows: "i32",
  shareRows: "i32",
  interruptible: "i32",
  left: "i32",
} as const;

/** Bytes from one layer's record to the next. */
export const LAYER_BYTES = 64;
/** Room for one `Run`, with the fields that only the kernels use. */
export const RUN_BYTES = 512;

type Fields = Readonly<Record<string, "i32" | "f32">>;

class RecordWriter<F extends Fields> {
  private readonly slots: Map<keyof F, number>;

  constructor(
    private readonly fields: F,
    private readonly view: DataView,
    private readonly address: number,
  ) {
    this.slots = new Map(Object.keys(fields).map((name, index) => [name, address + 4 * index]));
  }

  /** What is in an "i32" field now. */
  read(name: keyof F): number {
    return this.view.getInt32(this.slots.get(name) ?? this.address, true);
  }

  /** Writes the fields given and leaves the others. */
  write(values: Partial<Record<keyof F, number>>): void {
    for (const name in values) {
      const at = this.slots.get(name) ?? this.address;
      // ToUint32 keeps the bits of addresses above 2 GiB and of negative numbers alike.
      if (this.fields[name] === "f32") this.view.setFloat32(at, values[name] ?? 0, true);
      else this.view.setUint32(at, values[name] ?? 0, true);
    }
  }
}

export type LayerRecord = RecordWriter<typeof layerFields>;
export type RunRecord = RecordWriter<typeof runFields>;

export function layerRecord(view: DataView, address: number): LayerRecord {
  return new RecordWriter(layerFields, view, address);
}

export function runRecord(view: DataView, address: number): RunRecord {
  return new RecordWriter(runFields, view, address);
}
