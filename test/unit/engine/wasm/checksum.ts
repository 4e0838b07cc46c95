/** What pins the bits of a run. */
import type { Engine } from "../../../../src/engine/engine";

/** FNV-1a over the bits of a run: every loss, every norm, all parameters and slots. */
export function checksum(engine: Engine, report: { losses: number[]; norms: number[] }): string {
  const { parameters, slots } = engine.snapshot();
  let hash = 0x811c9dc5;
  const arrays = [Float64Array.from(report.losses), Float64Array.from(report.norms), parameters, ...slots];
  for (const array of arrays) {
    for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
