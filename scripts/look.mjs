// Looks at Downhill in a real VS Code: opens the workbench on a copy of examples/, does what a list of actions says, and
// saves screenshots to test-results/look/.
//
//   node scripts/look.mjs [--theme light|dark|hc-light|hc-black] [--size 1500x950] [--workspace FOLDER] ACTION …
//
//   open:FILE  command:TITLE  lens:TITLE  type:TEXT  press:KEYS  click:BUTTON, tab:TAB, scroll:SELECTOR (in the panel)  choose:LABEL (in a quick
//   pick)  data:SELECTOR (click in the page that describes data)  side (open the side bar)  until:STATUS (of the panel)  wait:SECONDS  html (print the panel's text)  shot:NAME
//
// For example: node scripts/look.mjs --theme dark open:iris.train.json "command:Train Network" until:Completed shot:iris
import { build } from "esbuild";
import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launchBrowser } from "./editor/browser.mjs";
import { root } from "./editor/cache.mjs";
import { cleanUpOnExit, temporaryFolder } from "./editor/processes.mjs";
import { startServer } from "./editor/server.mjs";

const themes = new Map([
  ["light", "Light Modern"],
  ["dark", "Dark Modern"],
  ["hc-light", "Light High Contrast"],
  ["hc-black", "Dark High Contrast"],
]);

const { values, positionals: actions } = parseArgs({
  allowPositionals: true,
  options: {
    theme: { type: "string", default: "dark" },
    size: { type: "string", default: "1500x950" },
    workspace: { type: "string", default: "examples" },
  },
});
const theme = themes.get(values.theme);
const [width = NaN, height = NaN] = values.size.split("x").map(Number);
if (theme === undefined || !(width > 0 && height > 0)) {
  console.error(`--theme is one of ${[...themes.keys()].join(", ")}; --size is like 1500x950.`);
  process.exit(2);
}

cleanUpOnExit();
process.env["TMPDIR"] = temporaryFolder();
const results = path.join(root, "test-results/look");
mkdirSync(results, { recursive: true });
const outfile = path.join(temporaryFolder(), "workbench.mjs");
await build({
  entryPoints: [path.join(root, "test/editor/driven/workbench.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
  define: { DOWNHILL_ROOT: JSON.stringify(root) },
});
/** @type {typeof import("../test/editor/driven/workbench.ts")} */
const { Workbench } = await import(pathToFileURL(outfile).href);

const browser = await launchBrowser();
Object.assign(globalThis, {
  editorSession: {
    startServer,
    browser,
    results,
    temporaryFolder,
    copyWorkspace: (/** @type {string} */ from, /** @type {string} */ to) =>
      cpSync(from, to, { recursive: true, filter: (file) => path.basename(file) !== ".downhill" }),
  },
});
const workbench = await Workbench.open({ workspace: values.workspace, width, height });

/** @type {Record<string, (argument: string) => Promise<unknown>>} */
const vocabulary = {
  theme: async (label) => {
    // The themes are known a while after the window has opened, and the list does not grow while it is open.
    await workbench.page.waitForTimeout(5000);
    await workbench.runCommand("Preferences: Color Theme");
    await workbench.chooseInQuickInput(label, label);
  },
  open: (name) => workbench.openFile(name),
  command: (title) => workbench.runCommand(title),
  lens: (title) => workbench.clickLens(title),
  type: (text) => workbench.page.keyboard.type(text),
  press: (keys) => workbench.page.keyboard.press(keys),
  data: async (selector) =>
    (await workbench.dataPage())
      .locator(selector || "h1")
      .first()
      .click(),
  tab: async (label) => (await workbench.panel()).main.getByRole("tab", { name: label }).click(),
  scroll: async (selector) =>
    (await workbench.panel()).main.locator(selector).first().scrollIntoViewIfNeeded(),
  click: async (label) => (await workbench.panel()).button(label).click(),
  choose: (label) => workbench.chooseInQuickInput(label, label),
  side: () => workbench.openSideBar(),
  until: async (status) => (await workbench.panel()).untilStatus(status, 120_000),
  wait: (seconds) => workbench.page.waitForTimeout(1000 * Number(seconds)),
  html: async () => console.log(await (await workbench.panel()).main.innerText()),
  shot: async (name) => console.log(await workbench.screenshot(`${name}-${values.theme}`)),
};
let failed = false;
for (const action of [`theme:${theme}`, ...actions]) {
  const colon = action.indexOf(":");
  const verb = colon < 0 ? action : action.slice(0, colon);
  try {
    const act = vocabulary[verb];
    if (!Object.hasOwn(vocabulary, verb)) throw new Error(`There is no action "${verb}".`);
    await act(colon < 0 ? "" : action.slice(colon + 1));
  } catch (error) {
    console.error(`${action}: ${error instanceof Error ? error.message : String(error)}`);
    console.error(await workbench.screenshot("failed"));
    failed = true;
    break;
  }
}
await workbench.close();
await browser.close();
process.exit(failed ? 1 : 0);
