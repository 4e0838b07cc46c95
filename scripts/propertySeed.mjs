// The seed of every property test: the same on every machine, so that a build does not fail by chance.
// DOWNHILL_SEED=random (or a number) looks at other cases; a failure prints the seed that found it.
import { createRequire } from "node:module";

// The tests are CommonJS, and fast-check's two builds keep their settings apart.
const { configureGlobal, readConfigureGlobal } = createRequire(import.meta.url)("fast-check");
const wanted = process.env.DOWNHILL_SEED ?? "20";
if (wanted !== "random") configureGlobal({ ...readConfigureGlobal(), seed: Number(wanted) });
