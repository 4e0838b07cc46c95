/** Colour arithmetic in OKLab (Ottosson 2020), where equal distances look equal. */

/** sRGB, each 0 … 1. */
export type Rgb = readonly [number, number, number];

/** Lightness 0 … 1, and two opponent axes (green–red, blue–yellow) of about ±0.4. */
export type Oklab = readonly [number, number, number];

export function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function fromLinear(channel: number): number {
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
}

export function oklab(rgb: Rgb): Oklab {
  const [r, g, b] = [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Channels outside sRGB are cut off. */
export function fromOklab([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channel = (value: number): number => Math.min(1, Math.max(0, fromLinear(Math.max(0, value))));
  return [
    channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** How different two colours look; about 0.02 is just noticeable. */
export function distance(first: Rgb, second: Rgb): number {
  const p = oklab(first);
  const q = oklab(second);
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

/** Contrast ratio of WCAG 2: 1 … 21. */
export function contrast(first: Rgb, second: Rgb): number {
  const p = luminance(first);
  const q = luminance(second);
  return (Math.max(p, q) + 0.05) / (Math.min(p, q) + 0.05);
}

export function luminance(rgb: Rgb): number {
  return 0.2126 * toLinear(rgb[0]) + 0.7152 * toLinear(rgb[1]) + 0.0722 * toLinear(rgb[2]);
}

export function css(rgb: Rgb, alpha = 1): string {
  const channels = rgb.map((channel) => Math.round(channel * 255)).join(", ");
  return alpha === 1 ? `rgb(${channels})` : `rgba(${channels}, ${alpha})`;
}

/**
 * The first candidate that is visible on the background and looks different from every colour in use; if none
 * is, the one that comes nearest to it. Some themes give two chart colours the same hue.
 *
 * @param visible the contrast with the background that is enough.
 */
export function firstDistinct(
  candidates: readonly Rgb[],
  inUse: readonly Rgb[],
  background: Rgb,
  visible = 2.5,
): Rgb {
  const score = (candidate: Rgb): number => {
    const nearest = Math.min(...inUse.map((other) => distance(candidate, other)));
    return Math.min(nearest / 0.25, contrast(candidate, background) / visible);
  };
  const good = candidates.find((candidate) => score(candidate) >= 1);
  if (good) return good;
  return candidates.reduce((best, candidate) => (score(candidate) > score(best) ? candidate : best));
}
