/**
 * Walks over numbers in Parquet's hybrid of runs and packed bits, as hyparquet will, and sees to it that they are as
 * many as they should be: the library follows the length of a run wherever it leads.
 *
 * @param at where the first run starts
 * @param width bits of a number
 * @param count how many numbers there should be
 * @param counted which number is counted
 * @returns how often `counted` is among them
 */
export function checkRuns(bytes: Uint8Array, at: number, width: number, count: number, counted = -1): number {
  if (!(width >= 0 && width <= 32)) throw new Error("numbers have too many bits");
  let seen = 0;
  let found = 0;
  while (seen < count) {
    const left = count - seen;
    let header = 0;
    let shift = 1;
    let byte = 128;
    while (byte >= 128) {
      if (at >= bytes.length || shift > 2 ** 28) throw new Error("runs end too early");
      byte = bytes[at++];
      header += (byte & 127) * shift;
      shift *= 128;
    }
    if (header >= 2 ** 31) throw new Error("a run is too long");
    const length = header >>> 1;
    if (header % 2 === 0) {
      if (length > left) throw new Error("a run is too long");
      let value = 0;
      for (let part = 0; part < width; part += 8) {
        if (at >= bytes.length) throw new Error("runs end too early");
        value += bytes[at++] * 2 ** part;
      }
      if (value === counted) found += length;
      seen += length;
    } else {
      // In groups of eight, of which the last need not be full.
      if (length * 8 >= left + 8 * mostSpareGroups) throw new Error("a run is too long");
      if (length * width > bytes.length - at) throw new Error("runs end too early");
      const numbers = Math.min(length * 8, left);
      if (counted >= 0) found += countPacked(bytes, at, width, numbers, counted);
      seen += numbers;
      at += length * width;
    }
  }
  return found;
}

/** Some writers fill up the last run beyond its last group. */
const mostSpareGroups = 64;

function countPacked(bytes: Uint8Array, at: number, width: number, numbers: number, counted: number): number {
  let found = 0;
  for (let index = 0; index < numbers; index++) {
    let value = 0;
    for (let bit = 0; bit < width; bit++) {
      const place = index * width + bit;
      value |= ((bytes[at + (place >>> 3)] >>> (place & 7)) & 1) << bit;
    }
    if (value === counted) found++;
  }
  return found;
}
