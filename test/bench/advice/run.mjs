// How good the advice is: trains run configs with known faults and healthy ones, and counts hits and false alarms.
// Run: node test/bench/advice/run.mjs [--write] [part of a name]; --write puts the table into media/docs/advice.md.
// The rules were made with the seed 1 in view; other seeds (other splits, weights and orders) tell how they do elsewhere.
import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const write = process.argv.includes("--write");
const [part = ""] = process.argv.slice(2).filter((argument) => argument !== "--write");
const seeds = [1, 2, 3, 4, 5];
const page = path.join(root, "media/docs/advice.md");
/** @type {string[]} */
const lines = [];
const say = (/** @type {string} */ line) => {
  lines.push(line);
  console.log(line);
};
const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-advice-"));
try {
  await build({
    absWorkingDir: root,
    entryPoints: ["test/bench/advice/train.ts"],
    outfile: path.join(folder, "train.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    loader: { ".wasm": "binary", ".py": "text" },
    define: { DOWNHILL_VERSION: '"bench"' },
    logLevel: "warning",
  });
  /** @type {typeof import("./train.ts")} */
  const { faulty, healthy, train } = createRequire(import.meta.url)(path.join(folder, "train.cjs"));
  const wanted = (/** @type {{ name: string }} */ { name }) => name.includes(part);
  const [wrong, right] = [faulty.filter(wanted), healthy.filter(wanted)];
  const counts = seeds.map(() => ({ hits: 0, alarms: 0, others: 0 }));
  say("| run config | expected | advice | right |\n| --- | --- | --- | --- |");
  for (const each of [...wrong, ...right]) {
    /** @type {Map<string, number>} */
    const given = new Map();
    let good = 0;
    for (const [at, seed] of seeds.entries()) {
      const { ids, evidence, fixes, message } = await train(
        { config: { ...each.config, seed } },
        root,
        folder,
      );
      const isFaulty = each.expect.length > 0;
      const hit = ids.some((id) => each.expect.includes(id));
      if (isFaulty && hit) counts[at].hits++;
      if (isFaulty && ids.some((id) => !each.expect.includes(id))) counts[at].others++;
      if (!isFaulty && ids.length > 0) counts[at].alarms++;
      const isRight = isFaulty ? hit : ids.length === 0;
      if (isRight) good++;
      const text = ids.join(", ") || "none";
      given.set(text, (given.get(text) ?? 0) + 1);
      if (part !== "" || !isRight) console.error(`  ${[message, evidence, fixes.join("; ")].join("\n  ")}`);
    }
    const advice = [...given]
      .map(([text, count]) => (given.size > 1 ? `${text} (${count})` : text))
      .join("; ");
    say(`| ${each.name} | ${each.expect.join(" or ") || "none"} | ${advice} | ${good} of ${seeds.length} |`);
  }
  const share = (/** @type {number} */ count, /** @type {number} */ of) =>
    `${count} of ${of} (${((100 * count) / Math.max(1, of)).toFixed(1)} %)`;
  const sum = (/** @type {"hits" | "alarms" | "others"} */ key, /** @type {typeof counts} */ of) =>
    of.reduce((total, each) => total + each[key], 0);
  for (const [name, of] of /** @type {[string, typeof counts][]} */ ([
    ["Seed 1, with which the rules were made", counts.slice(0, 1)],
    ["The other seeds", counts.slice(1)],
  ])) {
    const [inAllWrong, inAllRight] = [wrong.length * of.length, right.length * of.length];
    say(
      `\n${name}: hits ${share(sum("hits", of), inAllWrong)}, false alarms ${share(sum("alarms", of), inAllRight)}; faulty runs that got other advice too: ${sum("others", of)}.`,
    );
  }
  if (write) {
    const text = readFileSync(page, "utf8");
    const [before, , after] = text.split(/<!-- \/?bench -->/);
    writeFileSync(page, `${before}<!-- bench -->\n\n${lines.join("\n")}\n\n<!-- /bench -->${after}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
