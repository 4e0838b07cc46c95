// The licences of what is bundled, as their authors ask: written beside the bundles of a production build.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * @param {string} root the project's folder
 * @param {Iterable<string>} inputs the files that went into the bundles, relative to `root`
 * @returns the names of the packages they come from, sorted
 */
function bundledPackages(root, inputs) {
  const names = new Set();
  for (const input of inputs) {
    const inside = path.resolve(root, input).replaceAll("\\", "/").split("/node_modules/").slice(1).at(-1);
    const name = inside?.match(/^(@[^/]+\/)?[^/]+/)?.[0];
    if (name !== undefined) names.add(name);
  }
  return [...names].sort();
}

/**
 * @param {string} root
 * @param {Iterable<string>} inputs
 * @param {string} file
 */
export function writeNotices(root, inputs, file) {
  const texts = bundledPackages(root, inputs).map((name) => {
    const folder = path.join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const own = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      own === undefined ? `Licence: ${license}` : readFileSync(path.join(folder, own), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  writeFileSync(
    file,
    `Downhill contains parts of these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`,
  );
}
