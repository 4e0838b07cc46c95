/** Data sets that are the same on every machine, written as CSV. */
import { readFileSync } from "node:fs";
import path from "node:path";

/** A linear congruential generator (Numerical Recipes), so that nothing depends on Math.random. */
function generator(seed: number): { uniform: () => number; normal: () => number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

type Cell = number | string;

function csv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = (cell: Cell): string => (typeof cell === "number" ? cell.toPrecision(6) : cell);
  return [header.join(","), ...rows.map((row) => row.map(text).join(","))].join("\n") + "\n";
}

function rowsOf(
  count: number,
  seed: number,
  row: (random: ReturnType<typeof generator>, i: number) => Cell[],
) {
  const random = generator(seed);
  return Array.from({ length: count }, (_, i) => row(random, i));
}

/** Three clouds in a plane that touch each other. */
function clouds(spread: number): string {
  const centres = [
    [0, 2],
    [-1.8, -1],
    [1.8, -1],
  ];
  return csv(
    ["x", "y", "cloud"],
    rowsOf(300, 7, ({ normal }, i) => {
      const [a, b] = centres[i % 3];
      return [a + spread * normal(), b + spread * normal(), "abc"[i % 3]];
    }),
  );
}

/** Two half circles, one within the other. */
function moons(): string {
  return csv(
    ["x", "y", "moon"],
    rowsOf(400, 11, ({ uniform, normal }, i) => {
      const angle = Math.PI * uniform();
      const [x, y] =
        i % 2 ? [1 - Math.cos(angle), 0.5 - Math.sin(angle)] : [Math.cos(angle), Math.sin(angle)];
      return [x + 0.15 * normal(), y + 0.15 * normal(), i % 2 ? "low" : "high"];
    }),
  );
}

/** Friedman's first function, with noise. */
function friedman(): string {
  return csv(
    ["a", "b", "c", "d", "e", "y"],
    rowsOf(400, 13, ({ uniform, normal }) => {
      const [a, b, c, d, e] = Array.from({ length: 5 }, uniform);
      const y = 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + normal();
      return [a, b, c, d, e, y];
    }),
  );
}

/** A house's price: inputs of very different size, a target far from zero. */
function houses(): string {
  return csv(
    ["area", "rooms", "year", "distance", "price"],
    rowsOf(300, 17, ({ uniform, normal }) => {
      const area = 40 + 160 * uniform();
      const rooms = Math.round(area / 30 + normal());
      const year = 1920 + Math.floor(100 * uniform());
      const distance = 20000 * uniform();
      const price =
        2000 * area + 5000 * rooms + 300 * (year - 1920) - 4 * distance + 15000 * normal() + 200000;
      return [area, rooms, year, distance, price];
    }),
  );
}

/** One row in twenty belongs to the rare class, of which the features tell only a little. */
function rare(): string {
  return csv(
    ["x", "y", "z", "kind"],
    rowsOf(600, 19, ({ normal }, i) => {
      const isRare = i % 20 === 0;
      const shift = isRare ? 1 : 0;
      return [normal() + shift, normal() + shift, normal(), isRare ? "fraud" : "fine"];
    }),
  );
}

/** Few rows, many features, and labels that are wrong now and then: made to be learned by heart. */
function small(): string {
  const names = Array.from({ length: 20 }, (_, i) => `f${i}`);
  return csv(
    [...names, "label"],
    rowsOf(100, 23, ({ uniform, normal }) => {
      const features = names.map(() => normal());
      const score = features[0] + features[1] - features[2];
      const right = uniform() < 0.8;
      return [...features, score > 0 === right ? "yes" : "no"];
    }),
  );
}

/** A sum of two features and noise. */
function plane(): string {
  return csv(
    ["u", "v", "y"],
    rowsOf(300, 29, ({ normal }) => {
      const [u, v] = [normal(), normal()];
      return [u, v, 3 * u - 2 * v + 1 + 0.3 * normal()];
    }),
  );
}

const made: Record<string, () => string> = {
  "clouds.csv": () => clouds(0.7),
  "moons.csv": moons,
  "friedman.csv": friedman,
  "houses.csv": houses,
  "rare.csv": rare,
  "small.csv": small,
  "plane.csv": plane,
};

/** The text of a data set: of the examples, or made here. */
export function dataSet(name: string, root: string): string {
  return name in made ? made[name]() : readFileSync(path.join(root, "examples", name), "utf8");
}
