/**
 * The three matrix products of a layer, where nearly all time of a step goes.
 *
 * x are rows × inputs, w units × inputs, z and delta rows × units, all row-major. Each product is written so
 * that its inner loop runs along memory, and takes four rows (or units) at once: a number is then read once
 * for four multiplications. Sums are float64 whatever the parameters are stored in.
 */
import type { FloatArray } from "./engine";

/**
 * Forward: z ← x·wᵀ + b, or z ← z + x·wᵀ where `bias` is negative.
 *
 * @param weight, bias where the layer's weight and bias begin in `parameters`
 */
export function forwardProduct(
  x: Float64Array,
  parameters: FloatArray,
  weight: number,
  bias: number,
  z: Float64Array,
  rows: number,
  inputs: number,
  units: number,
): void {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const x0 = row * inputs;
    const x1 = x0 + inputs;
    const x2 = x1 + inputs;
    const x3 = x2 + inputs;
    for (let unit = 0; unit < units; unit++) {
      const w = weight + unit * inputs;
      const out = row * units + unit;
      let sum0 = bias < 0 ? z[out] : parameters[bias + unit];
      let sum1 = bias < 0 ? z[out + units] : sum0;
      let sum2 = bias < 0 ? z[out + 2 * units] : sum0;
      let sum3 = bias < 0 ? z[out + 3 * units] : sum0;
      for (let k = 0; k < inputs; k++) {
        const wk = parameters[w + k];
        sum0 += x[x0 + k] * wk;
        sum1 += x[x1 + k] * wk;
        sum2 += x[x2 + k] * wk;
        sum3 += x[x3 + k] * wk;
      }
      z[out] = sum0;
      z[out + units] = sum1;
      z[out + 2 * units] = sum2;
      z[out + 3 * units] = sum3;
    }
  }
  for (; row < rows; row++) {
    const x0 = row * inputs;
    for (let unit = 0; unit < units; unit++) {
      const w = weight + unit * inputs;
      const out = row * units + unit;
      let sum = bias < 0 ? z[out] : parameters[bias + unit];
      for (let k = 0; k < inputs; k++) sum += x[x0 + k] * parameters[w + k];
      z[out] = sum;
    }
  }
}

/** Back to the inputs: dx ← dx + delta·w, the gradient of the loss by the layer's inputs. */
export function backwardProduct(
  delta: Float64Array,
  parameters: FloatArray,
  weight: number,
  dx: Float64Array,
  rows: number,
  inputs: number,
  units: number,
): void {
  for (let row = 0; row < rows; row++) {
    const out = row * inputs;
    const d = row * units;
    let unit = 0;
    for (; unit + 4 <= units; unit += 4) {
      const d0 = delta[d + unit];
      const d1 = delta[d + unit + 1];
      const d2 = delta[d + unit + 2];
      const d3 = delta[d + unit + 3];
      const w0 = weight + unit * inputs;
      const w1 = w0 + inputs;
      const w2 = w1 + inputs;
      const w3 = w2 + inputs;
      for (let k = 0; k < inputs; k++) {
        dx[out + k] +=
          d0 * parameters[w0 + k] +
          d1 * parameters[w1 + k] +
          d2 * parameters[w2 + k] +
          d3 * parameters[w3 + k];
      }
    }
    for (; unit < units; unit++) {
      const d0 = delta[d + unit];
      const w0 = weight + unit * inputs;
      for (let k = 0; k < inputs; k++) dx[out + k] += d0 * parameters[w0 + k];
    }
  }
}

/** To the parameters: dw ← dw + deltaᵀ·x and db ← db + the column sums of delta. */
export function gradientProduct(
  delta: Float64Array,
  x: Float64Array,
  gradient: Float64Array,
  weight: number,
  bias: number,
  rows: number,
  inputs: number,
  units: number,
): void {
  for (let unit = 0; unit < units; unit++) {
    const w = weight + unit * inputs;
    let biasSum = 0;
    let row = 0;
    for (; row + 4 <= rows; row += 4) {
      const d = row * units + unit;
      const d0 = delta[d];
      const d1 = delta[d + units];
      const d2 = delta[d + 2 * units];
      const d3 = delta[d + 3 * units];
      biasSum += d0 + d1 + d2 + d3;
      const x0 = row * inputs;
      const x1 = x0 + inputs;
      const x2 = x1 + inputs;
      const x3 = x2 + inputs;
      for (let k = 0; k < inputs; k++) {
        gradient[w + k] += d0 * x[x0 + k] + d1 * x[x1 + k] + d2 * x[x2 + k] + d3 * x[x3 + k];
      }
    }
    for (; row < rows; row++) {
      const d0 = delta[row * units + unit];
      biasSum += d0;
      const x0 = row * inputs;
      for (let k = 0; k < inputs; k++) gradient[w + k] += d0 * x[x0 + k];
    }
    if (bias >= 0) gradient[bias + unit] += biasSum;
  }
}
