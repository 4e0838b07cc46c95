/**
 * Where everything lies in the one linear memory of an engine. It is laid out once; nothing is allocated while training. What
 * is never touched (room to probe other parameters, say) costs addresses but no memory: the system hands out pages on first use.
 */
import type { EngineSettings, Network } from "../engine";
import { targetWidth } from "../losses";
import { inputCount, outputCount } from "../network";
import { slotCount } from "../optimizers";
import { packedLength, panelCount, transposedLength } from "./panels";
import { LAYER_BYTES, RUN_BYTES } from "./records";

const PAGE_BYTES = 65536;
const MOST_PAGES = 65536;
/** As `kernel/gradient.ts` and `kernel/crew.ts` have them. */
const STRIP_BYTES = 2368;
const CREW_BYTES = 256;
const HELPER_BYTES = 64;

/** Where the layout cuts; the result of a run depends on `wholeBatchRows` and `longBatchRows` alone. */
export interface ArenaLimits {
  /** A batch of up to so many rows is computed at once, a longer one in blocks of `longBatchRows`. */
  readonly wholeBatchRows: number;
  readonly longBatchRows: number;
  /** Rows of an evaluation's block, unless the activations of so many take more than `evaluationBytes`. */
  readonly evaluationRows: number;
  readonly evaluationBytes: number;
  /** Training rows up to this size are copied into the arena; of more, only those of the next steps, `stagingBytes` at a time. */
  readonly residentBytes: number;
  readonly stagingBytes: number;
  /** Multiplications and steps of one call into the kernels: some tenths of a millisecond. */
  readonly callWork: number;
  readonly callSteps: number;
  /** Multiplications of the least step that several threads share: some 50 µs. */
  readonly sharedWork: number;
  /** Networks of up to so many parameters have their steps generated. */
  readonly unrolledParameters: number;
}

export const arenaLimits: ArenaLimits = {
  wholeBatchRows: 512,
  longBatchRows: 256,
  evaluationRows: 256,
  evaluationBytes: 2 ** 24,
  residentBytes: 2 ** 25,
  stagingBytes: 2 ** 22,
  callWork: 2 ** 23,
  callSteps: 1024,
  sharedWork: 1_000_000,
  unrolledParameters: 80,
};

/** Addresses in bytes, lengths in numbers where not said otherwise. */
export interface Arena {
  readonly pages: number;
  readonly run: number;
  /** Records of the layers with the run's own weights, and with weights to probe. */
  readonly liveLayers: number;
  readonly probeLayers: number;

  /** Rows of a training block and of an evaluation's. */
  readonly trainingRows: number;
  readonly evaluationRows: number;
  /** The most steps of one call. */
  readonly callSteps: number;
  readonly stepScalars: number;
  readonly losses: number;
  readonly norms: number;

  /** Numbers of all parameters in panels, padding included. */
  readonly packedLength: number;
  readonly slots: number;
  /** The parameters and, right behind, each slot. */
  readonly weights: number;
  readonly transposed: number;
  /** As many numbers as parameters and slots: their state at a call's start, or a gradient that was asked for. */
  readonly backup: number;
  /** Parameters to probe, or the gradient of a step that is not fused. */
  readonly probeWeights: number;
  readonly probeTransposed: number;

  /** A strip of a gradient for each thread. */
  readonly strips: number;
  readonly squares: number;
  readonly squareCount: number;
  readonly rowScratch: number;
  /** What several threads agree upon; 0: there is but one. */
  readonly crew: number;
  readonly groupLosses: number;
  /** One number per class. */
  readonly classWeights: number;
  readonly batchInputs: number;
  readonly batchTargets: number;
  readonly activations: readonly { readonly output: number; readonly slope: number; readonly mask: number }[];

  /** Row-major samples: all training rows if `resident`, else those in hand. */
  readonly resident: boolean;
  readonly inputs: number;
  readonly targets: number;
  /** Rows for which there is room. */
  readonly sampleRows: number;
  /** Samples that are neither all training rows nor chosen by an order. */
  readonly stagedInputs: number;
  readonly stagedTargets: number;
  readonly stagedRows: number;
  /** The first layer's z of an evaluation's block, row-major. */
  readonly stagedFirst: number;
  /** The three z of a plane of parameters, in panels of an evaluation's block, `planeBytes` each. */
  readonly plane: number;
  readonly planeBytes: number;
  readonly order: number;
  readonly orderLength: number;
  /** 0, 1, 2, …, for rows that lie in order. */
  readonly identity: number;
}

/** Bytes from one panel of an activation to the next: an odd number of 64-byte lines, so that they do not share cache sets. */
export function panelStride(rows: number): number {
  return (4 * Math.ceil(rows / 4) + 2) * 32;
}

/**
 * @param helpers threads beside the first
 * @throws RangeError if it does not fit into 4 GiB
 */
export function layOut(settings: EngineSettings, limits = arenaLimits, helpers = 0): Arena {
  const { network, training, loss, optimizer } = settings;
  const batchSize = Math.min(settings.batchSize, training.count);
  const parameters = network.layers.reduce((sum, { inputs, units }) => sum + inputs * units, 0);
  const widths = activationPanels(network);

  const trainingRows = batchSize <= limits.wholeBatchRows ? batchSize : limits.longBatchRows;
  const rowBytes = widths * 32 * 2;
  const evaluationRows = Math.min(
    limits.evaluationRows,
    Math.max(64, Math.floor(limits.evaluationBytes / rowBytes)),
  );
  const blockRows = Math.max(trainingRows, evaluationRows);
  const stride = panelStride(blockRows);

  const sampleNumbers = inputCount(network) + targetWidth(loss, outputCount(network));
  const resident = training.count * sampleNumbers * 4 <= limits.residentBytes;
  const stagedRows = Math.max(
    blockRows,
    resident ? 0 : Math.floor(limits.stagingBytes / (4 * sampleNumbers)),
  );
  const callSteps = Math.max(
    1,
    Math.min(
      limits.callSteps,
      Math.floor(limits.callWork / (3 * parameters * batchSize)),
      resident ? limits.callSteps : Math.floor(stagedRows / batchSize),
    ),
  );

  let end = 64;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const run = take(RUN_BYTES);
  const liveLayers = take(network.layers.length * LAYER_BYTES);
  const probeLayers = take(network.layers.length * LAYER_BYTES);
  const stepScalars = take(callSteps * 16);
  const losses = take(callSteps * 8);
  const norms = take(callSteps * 8);
  const strips = take(STRIP_BYTES * (1 + helpers));
  const crew = helpers > 0 ? take(CREW_BYTES + HELPER_BYTES * helpers) : 0;
  const squareCount = network.layers.reduce((sum, { units }) => sum + panelCount(units), 0);
  const squares = take(squareCount * 8);
  const rowScratch = take((blockRows + 4) * 12);
  const groupLosses = take(Math.ceil(blockRows / 4) * 8);
  const classWeights = take(Math.max(2, outputCount(network)) * 4);
  const batchInputs = take(panelCount(inputCount(network)) * stride);
  const batchTargets = take(panelCount(outputCount(network)) * stride);
  const activations = network.layers.map(({ units, dropout }) => ({
    output: take(panelCount(units) * stride),
    slope: take(panelCount(units) * stride),
    mask: dropout > 0 ? take(panelCount(units) * stride) : 0,
  }));

  const packed = network.layers.reduce((sum, layer) => sum + packedLength(layer), 0);
  const turned = network.layers.slice(1).reduce((sum, layer) => sum + transposedLength(layer), 0);
  const slots = slotCount(optimizer);
  const weights = take(packed * 4 * (1 + slots));
  const transposed = take(turned * 4);
  const backup = take(packed * 4 * (1 + slots));
  const probeWeights = take(packed * 4);
  const probeTransposed = take(turned * 4);

  const outputs = targetWidth(loss, outputCount(network));
  const inputs = resident ? take(training.count * inputCount(network) * 4) : 0;
  const targets = resident ? take(training.count * outputs * 4) : 0;
  const stagedInputs = take(stagedRows * inputCount(network) * 4);
  const stagedTargets = take(stagedRows * outputs * 4);
  const stagedFirst = take(evaluationRows * network.layers[0].units * 4);
  const planeBytes = panelCount(network.layers[0].units) * panelStride(evaluationRows);
  const plane = take(3 * planeBytes);
  const orderLength = Math.max(stagedRows, resident ? Math.max(callSteps * batchSize, blockRows) : 0);
  const order = take(orderLength * 4);
  const identity = take(stagedRows * 4);

  const pages = Math.ceil(end / PAGE_BYTES);
  if (pages > MOST_PAGES)
    throw new RangeError(`the kernels' memory would take ${end} bytes, of at most 4 GiB`);
  return {
    pages,
    run,
    liveLayers,
    probeLayers,
    trainingRows,
    evaluationRows,
    callSteps,
    stepScalars,
    losses,
    norms,
    packedLength: packed,
    slots,
    weights,
    transposed,
    backup,
    probeWeights,
    probeTransposed,
    strips,
    crew,
    groupLosses,
    squares,
    squareCount,
    rowScratch,
    classWeights,
    batchInputs,
    batchTargets,
    activations,
    resident,
    inputs,
    targets,
    sampleRows: resident ? training.count : 0,
    stagedInputs,
    stagedTargets,
    stagedRows,
    stagedFirst,
    plane,
    planeBytes,
    order,
    orderLength,
    identity,
  };
}

/** Panels of the inputs and of every layer's outputs together. */
function activationPanels(network: Network): number {
  return network.layers.reduce(
    (sum, { units }) => sum + 2 * panelCount(units),
    panelCount(inputCount(network)),
  );
}
