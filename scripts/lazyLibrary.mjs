// A library in a bundle of its own beside the others, loaded when one of its functions is first called. Not for `import()`: its users wait for nothing.
import { createRequire } from "node:module";

/**
 * Has every bundle of a build call the library's functions in `./FILE.js`, which the same build must make of it. Of what a library
 * exports, functions alone are to be had; classes and constants are not.
 *
 * @param {string} library the npm package
 * @param {string} file the bundle's name
 * @returns {import("esbuild").Plugin}
 */
export function lazyLibrary(library, file) {
  const exported = Object.entries(createRequire(import.meta.url)(library));
  const functions = exported
    .filter(([name, value]) => typeof value === "function" && /^[a-z]\w*$/.test(name))
    .map(
      ([name]) =>
        `export const ${name} = (...given) => require(${JSON.stringify(`./${file}`)}).${name}(...given);`,
    );
  return {
    name: `lazy ${library}`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${library}$`) }, ({ kind }) =>
        kind === "entry-point" ? null : { path: library, namespace: "lazy", sideEffects: false },
      );
      build.onLoad({ filter: new RegExp(`^${library}$`), namespace: "lazy" }, () => ({
        contents: functions.join("\n"),
      }));
    },
  };
}
