// How good the advice is: trains run configs with known faults and healthy ones, and counts hits and false alarms.
// Run: node test/bench/advice/run.mjs [--write] [part of a name]; --write puts the table into media/docs/advice.md.
import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const write = process.argv.includes("--write");
const [part = ""] = process.argv.slice(2).filter((argument) => argument !== "--write");
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
    loader: { ".wasm": "binary" },
    define: { DOWNHILL_VERSION: '"bench"' },
    logLevel: "warning",
  });
  /** @type {typeof import("./train.ts")} */
  const { faulty, healthy, train } = createRequire(import.meta.url)(path.join(folder, "train.cjs"));
  let hits = 0;
  let alarms = 0;
  let others = 0;
  const wanted = (/** @type {{ name: string }} */ { name }) => name.includes(part);
  const [wrong, right] = [faulty.filter(wanted), healthy.filter(wanted)];
  say("| run config | expected | advice | |\n| --- | --- | --- | --- |");
  for (const each of [...wrong, ...right]) {
    const { ids, evidence, fixes, message } = await train(each, root, folder);
    const isFaulty = each.expect.length > 0;
    const hit = ids.some((id) => each.expect.includes(id));
    if (isFaulty && hit) hits++;
    if (isFaulty && ids.some((id) => !each.expect.includes(id))) others++;
    if (!isFaulty && ids.length > 0) alarms++;
    const good = isFaulty ? hit : ids.length === 0;
    say(
      `| ${each.name} | ${each.expect.join(" or ") || "none"} | ${ids.join(", ") || "none"} | ${good ? "✓" : "✗"} |`,
    );
    if (part !== "" || !good) console.error(`  ${[message, evidence, fixes.join("; ")].join("\n  ")}`);
  }
  const share = (/** @type {number} */ count, /** @type {unknown[]} */ of) =>
    `${count} of ${of.length} (${Math.round((100 * count) / Math.max(1, of.length))} %)`;
  say(
    `\nHits: ${share(hits, wrong)}. False alarms: ${share(alarms, right)}. Faulty runs that got other advice too: ${others}.`,
  );
  if (write) {
    const text = readFileSync(page, "utf8");
    const [before, , after] = text.split(/<!-- \/?bench -->/);
    writeFileSync(page, `${before}<!-- bench -->\n\n${lines.join("\n")}\n\n<!-- /bench -->${after}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
