import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { commandIds, contextKeys, runItemContexts, viewIds } from "../../../src/editor/contributed";

interface Contribution {
  command: string;
  when?: string;
  key?: string;
  mac?: string;
  icon?: string;
}
interface Manifest {
  icon: string;
  activationEvents: string[];
  contributes: {
    commands: Contribution[];
    menus: Record<string, Contribution[]>;
    keybindings: Contribution[];
    views: Record<string, { id: string; icon?: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string; when?: string }[];
    jsonValidation: { fileMatch: string; url: string }[];
    languages: { id: string; extensions: string[] }[];
  };
}

const manifest = JSON.parse(readFileSync(path.join(DOWNHILL_ROOT, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;
const declared = contributes.commands.map(({ command }) => command);
const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
const conditions = [
  ...used.map(({ when }) => when ?? ""),
  ...contributes.viewsWelcome.map(({ when }) => when ?? ""),
].join("\n");

const inListOfRuns = [...contributes.menus["view/item/context"], ...contributes.menus["view/title"]];

describe("What package.json contributes", () => {
  it("declares exactly the commands that the code knows", () => {
    assert.deepEqual([...declared].sort(), Object.values(commandIds).sort());
  });

  it("names only declared commands in menus, keys and welcome texts", () => {
    const linked = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:([\w.]+)/g)].map((match) => match[1]),
    );
    for (const command of [...used.map((entry) => entry.command), ...linked])
      assert.ok(declared.includes(command), command);
  });

  it("gives every command a keyboard path of its own", () => {
    // What is done to a run of the list is in the menu of its item, which has a key of its own.
    const reachable = [...contributes.keybindings, ...inListOfRuns];
    for (const command of declared)
      assert.ok(
        reachable.some((entry) => entry.command === command),
        command,
      );
    const seen = new Map<string, Contribution>();
    for (const binding of contributes.keybindings) {
      if (binding.when?.startsWith(`focusedView == ${viewIds.runs} && listFocus`)) continue;
      const other = seen.get(binding.key ?? "");
      // Two commands may share keys where their conditions exclude each other, as pause and resume do.
      if (other) assert.match(`${other.when}|${binding.when}`, /!downhill\.paused.*\|.*[^!]downhill\.paused/);
      seen.set(binding.key ?? "", binding);
      assert.match(binding.key ?? "", /^alt\+d \w$/);
      assert.match(binding.mac ?? "", /^ctrl\+alt\+d \w$/);
      // The shell's own Alt+D deletes a word.
      assert.match(binding.when ?? "", /!terminalFocus/);
    }
  });

  it("tests only context keys that the code sets, and all of them", () => {
    const tested = new Set(conditions.match(/\bdownhill\.\w+/g));
    for (const id of Object.values(viewIds)) tested.delete(id);
    assert.deepEqual([...tested].sort(), Object.values(contextKeys).sort());
  });

  it("knows the views and their container", () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewIds.container],
    );
    assert.deepEqual(
      contributes.views[viewIds.container].map(({ id }) => id).sort(),
      [viewIds.lossChart, viewIds.runs].sort(),
    );
    for (const panel of [viewIds.panel, viewIds.data])
      assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${panel}`));
  });

  it("has menus for every kind of run in the list", () => {
    const patterns = contributes.menus["view/item/context"].map(({ when = "" }) => {
      const match = /viewItem (==|=~) (.+)$/.exec(when);
      assert.ok(match, when);
      return match[1] === "==" ? new RegExp(`^${match[2]}$`) : new RegExp(match[2].slice(1, -1));
    });
    const itemContexts = Object.values(runItemContexts).flatMap((context) =>
      context === runItemContexts.config ? [context] : [context, `${context}.pinned`],
    );
    for (const pattern of patterns)
      assert.ok(
        itemContexts.some((context) => pattern.test(context)),
        String(pattern),
      );
    for (const context of itemContexts)
      assert.ok(
        patterns.some((pattern) => pattern.test(context)),
        context,
      );
  });

  it("names icons that are there", () => {
    const icons = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.views[viewIds.container].flatMap(({ icon }) => icon ?? []),
      "media/panel-light.svg",
      "media/panel-dark.svg",
      "media/data-light.svg",
      "media/data-dark.svg",
    ];
    for (const icon of icons) assert.ok(existsSync(path.join(DOWNHILL_ROOT, icon)), icon);
  });

  it("reads run configs as JSON with comments, with the schema for completion", () => {
    assert.deepEqual(contributes.languages, [{ id: "jsonc", extensions: [".train.json"] }]);
    assert.deepEqual(contributes.jsonValidation, [
      { fileMatch: "*.train.json", url: "./media/run-config.schema.json" },
    ]);
  });

  it("does nothing at startup, but where runs are kept, which may have to be resumed", () => {
    for (const event of manifest.activationEvents)
      assert.doesNotMatch(event, /^(\*|onStartupFinished|workspaceContains(?!:\.downhill\/\.gitignore$))/);
  });
});
