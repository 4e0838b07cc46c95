/** How healthy steps are: what was measured of them while a run went. */

/**
 * Probes, column by column, ascending in step; all columns have the same length. The network's quantities are keyed
 * "decreaseRatio", "angle" …; those of a layer "layers.0.gradientNorm", as its weights are called. NaN where a probe did not
 * measure a quantity, or it says nothing.
 */
export interface HealthColumns {
  /** The step that was looked at; counts from 1. */
  step: Float64Array;
  values: Record<string, Float64Array>;
}

/** What is measured of the network as a whole. */
export type HealthQuantity =
  /** The decrease of the loss that a step brought, as a fraction of the one that its gradient predicted. */
  | "decreaseRatio"
  /** Between a step and the direction of steepest descent, in degrees. */
  | "angle";

/** What is measured of each layer. */
export type LayerQuantity =
  /** Euclidean norm of the gradient by the layer's weights and biases. */
  | "gradientNorm"
  /** Norm of the change of the layer's weights, over the norm of the weights. */
  | "updateRatio"
  /** Fraction of the units of a relu layer that answer to no row. */
  | "deadUnits";

export function layerKey(layer: number, quantity: LayerQuantity): string {
  return `layers.${layer}.${quantity}`;
}
