/** How runs are told apart in one chart: by colour, and by a number at the line's end for those who cannot tell colours. */
import { contrast, type Rgb } from "../colour";
import { theme } from "../theme";

/** Okabe and Ito (2008), "Color Universal Design": distinct for all common kinds of colour vision. */
const palette: Rgb[] = [
  [0, 0.447, 0.698],
  [0.902, 0.624, 0],
  [0, 0.62, 0.451],
  [0.8, 0.475, 0.655],
  [0.337, 0.706, 0.914],
  [0.835, 0.369, 0],
];

/** Mixed with the foreground until it can be seen on the background. */
function visible(colour: Rgb): Rgb {
  const { background, foreground, highContrast } = theme();
  const enough = highContrast ? 4.5 : 2.5;
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = colour.map((channel, i) => channel * (1 - share) + foreground[i] * share);
    const [r, g, b] = mixed;
    if (contrast([r, g, b], background) >= enough) return [r, g, b];
  }
  return foreground;
}

/** The colour of the run at a place in the comparison: always the same one, whichever others are shown. */
export function runColour(place: number): Rgb {
  return visible(palette[place % palette.length]);
}
