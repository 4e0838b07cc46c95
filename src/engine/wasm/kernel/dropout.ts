/**
 * Dropout masks from the very stream that `../../random.ts` and `../../dropout.ts` define, bit for bit: xoshiro128** started from
 * (seed, "dropout", step), read row by row, in a row layer by layer, in a layer unit by unit.
 */
import { Layer, layerAt, Run } from "./memory";

const GOLDEN: u32 = 0x9e3779b9;
const DROPOUT_STREAM: u32 = 4;

function mix(h: u32): u32 {
  h = (h ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  return h ^ (h >>> 16);
}

function startWord(run: Run, i: u32, step: u64): u32 {
  let h = (i + 1) * GOLDEN;
  h = mix((h ^ run.seedLow) + GOLDEN);
  h = mix((h ^ run.seedHigh) + GOLDEN);
  h = mix((h ^ DROPOUT_STREAM) + GOLDEN);
  h = mix((h ^ <u32>step) + GOLDEN);
  return mix((h ^ <u32>(step >> 32)) + GOLDEN);
}

/** @param step counts from 1 */
export function startDropout(run: Run, step: u64): void {
  run.random0 = startWord(run, 0, step);
  run.random1 = startWord(run, 1, step);
  run.random2 = startWord(run, 2, step);
  run.random3 = startWord(run, 3, step);
}

/** Draws the factors of the next `rows` rows of the step. */
export function drawMasks(run: Run, rows: i32): void {
  let s0 = run.random0, s1 = run.random1, s2 = run.random2, s3 = run.random3;
  for (let row = 0; row < rows; row++) {
    for (let l = 0; l < run.layerCount; l++) {
      const layer = layerAt(run, l);
      if (layer.mask == 0) continue;
      const threshold = layer.dropoutThreshold;
      const kept = layer.dropoutKept;
      const from = layer.mask + (<usize>row << 5);
      for (let unit = 0; unit < layer.units; unit++) {
        const draw = rotl<u32>(s1 * 5, 7) * 9;
        const shifted = s1 << 9;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = rotl<u32>(s3, 11);
        const at = from + <usize>(unit >> 3) * run.stride + (<usize>(unit & 7) << 2);
        store<f32>(at, draw < threshold ? <f32>0 : kept);
      }
    }
  }
  run.random0 = s0;
  run.random1 = s1;
  run.random2 = s2;
  run.random3 = s3;
}
