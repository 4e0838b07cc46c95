/** Where an axis is labelled. */

/** About `count` round numbers (1, 2 or 5 times a power of ten) from `min` to `max`. */
export function linearTicks(min: number, max: number, count: number): number[] {
  const span = max - min;
  if (!(span > 0) || !Number.isFinite(span)) return [min];
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = rough / power;
  const step = (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10) * power;
  const ticks: number[] = [];
  // Multiples, not sums: adding steps would gather rounding errors.
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) {
    ticks.push(i === 0 ? 0 : Number((i * step).toPrecision(12)));
  }
  return ticks;
}

/** Powers of ten where several fit, else 1, 2, 5, else round numbers. Both limits are positive. */
export function logTicks(min: number, max: number, count: number): number[] {
  const low = Math.ceil(Math.log10(min) - 1e-9);
  const high = Math.floor(Math.log10(max) + 1e-9);
  const decades = high - low + 1;
  if (decades >= 3) {
    const every = Math.max(1, Math.ceil(decades / Math.max(2, count)));
    const ticks: number[] = [];
    for (let power = Math.ceil(low / every) * every; power <= high; power += every)
      ticks.push(powerOfTen(power));
    return ticks;
  }
  const fine: number[] = [];
  for (let power = low - 1; power <= high; power++) {
    for (const unit of [1, 2, 5]) {
      const tick = Number((unit * powerOfTen(power)).toPrecision(12));
      if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)) fine.push(tick);
    }
  }
  return fine.length >= 2 ? fine : linearTicks(min, max, Math.max(4, count));
}

/** 10 ** −5 is off by one unit in the last place; the literal is not. */
function powerOfTen(power: number): number {
  return Number(`1e${power}`);
}

/** Limits with a little air around the values; the axis starts at zero when the values come near it. */
export function linearLimits(low: number, high: number): [number, number] {
  if (!(low <= high)) return [0, 1];
  if (low === high) return low === 0 ? [0, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
  const air = (high - low) * 0.05;
  return [low >= 0 && low < 0.4 * high ? 0 : low - air, high <= 0 && high > 0.4 * low ? 0 : high + air];
}

export function logLimits(low: number, high: number): [number, number] {
  if (!(low <= high) || !(low > 0)) return [0.1, 1];
  if (low === high) return [low / 2, high * 2];
  // In two factors: the ratio of the largest to the smallest number is not a number.
  const air = high ** 0.04 / low ** 0.04;
  return [Math.max(low / air, 1e-307), Math.min(high * air, Number.MAX_VALUE)];
}
