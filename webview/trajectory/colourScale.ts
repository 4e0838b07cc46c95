import { css, fromOklab, type Rgb } from "../colour";

/**
 * Loss → colour, from deep blue (low) to yellow (high). The path through OKLab is straight in lightness and runs
 * along the blue–yellow axis, so equal steps look equal, order shows in greyscale, and red–green blindness
 * changes nothing. The range of lightness keeps every colour visible on the theme's background.
 */
export interface ColourScale {
  /** t from 0 (lowest loss) to 1 (highest). */
  at(t: number): string;
}

/** Start and end in OKLCH: lightness, chroma, hue in degrees. */
const ends = {
  dark: { low: [0.56, 0.17, 268], high: [0.93, 0.15, 105] },
  light: { low: [0.3, 0.15, 268], high: [0.68, 0.14, 88] },
} as const;

const STEPS = 256;

/** @param background "dark": light colours on it, and the other way round. */
export function scaleColours(background: "dark" | "light"): Rgb[] {
  const { low, high } = ends[background];
  const colours: Rgb[] = [];
  for (let i = 0; i < STEPS; i++) {
    const t = i / (STEPS - 1);
    const lightness = low[0] + (high[0] - low[0]) * t;
    const chroma = low[1] + (high[1] - low[1]) * t;
    const hue = ((low[2] + (high[2] - low[2]) * t) * Math.PI) / 180;
    colours.push(fromOklab([lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)]));
  }
  return colours;
}

export function colourScale(background: "dark" | "light"): ColourScale {
  const table = scaleColours(background).map((rgb) => css(rgb));
  return {
    at(t) {
      const index = Math.round(Math.min(1, Math.max(0, t)) * (STEPS - 1));
      return table[index];
    },
  };
}

/** Where a loss lies on the scale. Losses over more than a factor of 4 are spread by their logarithm. */
export interface LossRange {
  low: number;
  high: number;
  logarithmic: boolean;
  /** 0 … 1; NaN for a loss that is not finite. */
  position(loss: number): number;
}

export function lossRange(losses: ArrayLike<number>): LossRange {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < losses.length; i++) {
    if (!Number.isFinite(losses[i])) continue;
    low = Math.min(low, losses[i]);
    high = Math.max(high, losses[i]);
  }
  const logarithmic = low > 0 && high / low > 4;
  const from = logarithmic ? Math.log(low) : low;
  const span = (logarithmic ? Math.log(high) : high) - from;
  return {
    low,
    high,
    logarithmic,
    position(loss) {
      if (!Number.isFinite(loss)) return NaN;
      if (!(span > 0)) return 0;
      return ((logarithmic ? Math.log(loss) : loss) - from) / span;
    },
  };
}
