/** VS Code as a person uses it: keyboard, mouse, and eyes. Each method is one user action or one look at the screen. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Frame, Locator, Page } from "playwright-core";

/** Put on globalThis by scripts/editorTests.mjs and scripts/look.mjs. */
export interface EditorSession {
  startServer: () => Promise<EditorServer>;
  browser: Browser;
  /** Where screenshots of failures go. */
  results: string;
  /** A folder that is removed at the end. */
  temporaryFolder: () => string;
  copyWorkspace: (from: string, to: string) => void;
}

interface EditorServer {
  url: (folder: string, payload: [string, string][]) => string;
  uri: (file: string) => string;
  keepLogs: (folder: string) => void;
  stop: () => Promise<void>;
}

declare global {
  var editorSession: EditorSession;
}

export interface WorkbenchOptions {
  /** A folder of the project, copied for the test: by default examples/. */
  workspace?: string;
  /** Files to add to the copy (or, with null, to leave out), by name. */
  files?: Record<string, string | Uint8Array | null>;
  width?: number;
  height?: number;
}

export class Workbench {
  private constructor(
    readonly page: Page,
    private readonly server: EditorServer,
    /** The copy of the workspace that is open. */
    readonly folder: string,
  ) {}

  /** Opens VS Code with Downhill on a copy of a workspace. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const { workspace = "examples", files = {}, width = 1500, height = 950 } = options;
    const { startServer, browser, temporaryFolder, copyWorkspace } = globalThis.editorSession;
    const folder = path.join(temporaryFolder(), path.basename(workspace));
    copyWorkspace(path.join(DOWNHILL_ROOT, workspace), folder);
    for (const [name, content] of Object.entries(files)) {
      if (content === null) rmSync(path.join(folder, name));
      else writeFileSync(path.join(folder, name), content);
    }
    // A server each: an extension host outlives its window, and its runs would go on beside the next test.
    const server = await startServer();
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    const address = server.url(folder, [["extensionDevelopmentPath", server.uri(DOWNHILL_ROOT)]]);
    const workbench = new Workbench(page, server, folder);
    await page.goto(address);
    await workbench.untilReady();
    return workbench;
  }

  /** Reloads the window. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent("load");
    await this.runCommand("Developer: Reload Window");
    await loaded;
    await this.untilReady();
  }

  async close(): Promise<void> {
    await this.page.context().close();
    await this.server.stop();
  }

  async screenshot(name: string): Promise<string> {
    const file = path.join(globalThis.editorSession.results, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Keeps what a person would look at to understand a failure. */
  async keepTraces(name: string): Promise<void> {
    const file = await this.screenshot(name);
    this.server.keepLogs(file.replace(/\.png$/, "-logs"));
  }

  /** Ctrl+P, a file's name, Enter. */
  async openFile(name: string): Promise<void> {
    await this.pickFrom("Control+p", name, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** F1, a command's title, Enter. */
  async runCommand(title: string): Promise<void> {
    await this.pickFrom("F1", `>${title}`, title);
  }

  /** Types into the quick input that is open, waits for the entry with this label, and takes it. */
  async chooseInQuickInput(text: string, label: string): Promise<void> {
    await this.quickInput.locator("input[type=text]").first().fill(text, { timeout: 5000 });
    const entry = this.quickInput.locator(".monaco-list-row").filter({ hasText: label }).first();
    await entry.click({ timeout: 10_000 });
  }

  /** A window that is still starting takes the focus away, which closes a quick input: then a person tries again. */
  private async pickFrom(key: string, text: string, label: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.keyboard.press(key);
        await this.chooseInQuickInput(text, label);
        return;
      } catch (error) {
        if (attempt === 3) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget");
  }

  /** The labels of a quick pick, from the top. */
  async quickPickLabels(): Promise<string[]> {
    await this.quickInput.locator(".monaco-list-row").first().waitFor();
    return this.quickInput
      .locator(".monaco-list-row")
      .evaluateAll((rows) => rows.map((row) => (row.querySelector(".label-name")?.textContent ?? "").trim()));
  }

  /** The links above the first line of the active editor. */
  get lenses(): Locator {
    return this.page.locator(".editor-group-container.active .codelens-decoration a");
  }

  async clickLens(title: string): Promise<void> {
    await this.lenses.filter({ hasText: title }).first().click();
  }

  /** Replaces the text of the active editor, as select-all and paste would. */
  async replaceText(text: string): Promise<void> {
    await this.page.keyboard.press("Control+a");
    await this.page.keyboard.insertText(text);
    // The editor closes brackets, which were there already.
    await this.page.keyboard.press("Control+Shift+End");
    await this.page.keyboard.press("Delete");
  }

  get tabs(): Locator {
    return this.page.locator(".tabs-container .tab");
  }

  get statusBar(): Locator {
    return this.page.locator(".statusbar-item[id*='downhill']");
  }

  get notifications(): Locator {
    return this.page.locator(".notification-toast .notification-list-item-message");
  }

  /** A button of the notifications that are on the screen. */
  notificationButton(label: string): Locator {
    return this.page.locator(".notification-toast .monaco-button").filter({ hasText: label });
  }

  /** Waits until the Problems panel has a line like this. */
  async problem(line: RegExp): Promise<void> {
    const panel = this.page.locator(".markers-panel");
    if (!(await panel.isVisible())) await this.runCommand("View: Focus Problems");
    let seen: string[] = [];
    await until(
      () => `a problem like ${line}; there are: ${seen.join(" | ")}`,
      async () => {
        const rows = await panel.locator(".monaco-list-row").allInnerTexts();
        seen = rows.map((row) => row.replaceAll(/\s+/g, " ").trim());
        return seen.some((row) => line.test(row));
      },
    );
  }

  /** Closes a tab with its ×. */
  async closeTab(name: RegExp): Promise<void> {
    const tab = this.tabs.filter({ hasText: name });
    await tab.hover();
    await tab.locator(".codicon-close").click();
    await tab.waitFor({ state: "detached" });
  }

  /** Clicks Downhill's icon in the Activity Bar, unless its views are open. */
  async openSideBar(): Promise<void> {
    const title = this.page.locator(".sidebar .composite.title", { hasText: "Downhill" });
    // A second click would close it.
    if (await title.isVisible()) return;
    await this.page.locator(".activitybar .action-label[aria-label^='Downhill']").click();
    await title.waitFor();
  }

  /** The entries of the list of runs in the side bar. */
  get runs(): Locator {
    return this.page.locator(".sidebar .pane", { hasText: "Runs" }).locator(".monaco-list-row");
  }

  /** What the panel shows. */
  async panel(): Promise<ChartsView> {
    return new ChartsView(this, await this.frameWith("main.panel"), "main.panel");
  }

  /** What the loss chart in the side bar shows. */
  async sideChart(): Promise<ChartsView> {
    return new ChartsView(this, await this.frameWith("main.side"), "main.side");
  }

  /** What "Describe Data" shows. */
  async dataPage(): Promise<Locator> {
    return (await this.frameWith("main.describe")).locator("main.describe");
  }

  /** A webview is a frame in a frame, and both come anew when it is shown again. */
  async frameWith(selector: string): Promise<Frame> {
    return until(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        try {
          const found = frame.locator(selector);
          if ((await found.count()) > 0 && (await found.first().isVisible())) return frame;
        } catch {
          // Gone while being looked at.
        }
      }
      return null;
    });
  }

  private async untilReady(): Promise<void> {
    await this.page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row").first().waitFor({
      timeout: 60_000,
    });
  }
}

/** The frame of the panel, or of the chart in the side bar. */
export class ChartsView {
  constructor(
    private readonly workbench: Workbench,
    readonly frame: Frame,
    private readonly root: string,
  ) {}

  get main(): Locator {
    return this.frame.locator(this.root);
  }

  get runName(): Locator {
    return this.main.locator(".run-name");
  }

  get status(): Locator {
    return this.main.locator(".status");
  }

  button(label: string): Locator {
    return this.main.getByRole("button", { name: label, exact: true });
  }

  /** A value among "Epoch", "Step", "Samples" … as text. */
  async fact(label: string): Promise<string> {
    const fact = this.main.locator(".run-facts .fact", { hasText: label }).locator("dd");
    return (await fact.textContent()) ?? "";
  }

  /** Completed steps: the number before the slash. */
  async step(): Promise<number> {
    return Number.parseInt((await this.fact("Step")).replaceAll(/[^\d/]/g, ""), 10);
  }

  /** A figure of a metric's tile, as text: figure("accuracy", "validation") is "96.7 %". */
  async figure(metric: string, part: string): Promise<string> {
    const value = this.main.locator(`.tile[data-metric="${metric}"] .value.${part} dd`);
    return (await value.textContent()) ?? "";
  }

  /** Waits until the badge says this, and fails with what it says instead. */
  async untilStatus(status: string | RegExp, timeout = 30_000): Promise<void> {
    let seen = "";
    await until(
      () => `the status ${status}; it is "${seen}"`,
      async () => {
        seen = ((await this.status.first().textContent()) ?? "").trim();
        return typeof status === "string" ? seen.toLowerCase() === status.toLowerCase() : status.test(seen);
      },
      timeout,
    );
  }

  /** Each canvas that is shown: its size on the page, and how many different colours are drawn on it. */
  async canvases(): Promise<CanvasLook[]> {
    return this.main.locator("canvas").evaluateAll((elements) =>
      (elements as HTMLCanvasElement[])
        .filter((canvas) => canvas.getClientRects().length > 0)
        .map((canvas) => {
          const { left, top, right, bottom } = canvas.getBoundingClientRect();
          const context = canvas.getContext("2d");
          const data =
            context && canvas.width > 0 && canvas.height > 0
              ? context.getImageData(0, 0, canvas.width, canvas.height).data
              : new Uint8ClampedArray();
          const colours = new Set<number>();
          let painted = 0;
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] === 0) continue;
            painted += 1;
            colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          }
          return {
            width: right - left,
            height: bottom - top,
            painted,
            colours: colours.size,
            inView: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
          };
        }),
    );
  }

  async screenshot(name: string): Promise<string> {
    return this.workbench.screenshot(name);
  }
}

export interface CanvasLook {
  width: number;
  height: number;
  /** Pixels that are not transparent. */
  painted: number;
  colours: number;
  /** The whole canvas is visible without scrolling. */
  inView: boolean;
}

/** Looks again and again until there is something to see. */
export async function until<T>(
  what: string | (() => string),
  look: () => Promise<T | null | false | undefined>,
  timeout = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false && seen !== undefined && seen !== "") return seen;
    if (Date.now() > deadline)
      assert.fail(`Waited ${timeout / 1000} s for ${typeof what === "string" ? what : what()}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Opens a workbench for the tests of a `describe`, closes it after them, and keeps a screenshot of each failure. */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  before("opens VS Code", async () => {
    workbench = await Workbench.open(options);
  });
  afterEach("keeps a screenshot of a failure", async function () {
    if (this.currentTest?.state !== "failed") return;
    await workbench?.keepTraces(this.currentTest.fullTitle().replaceAll(/[^\w]+/g, "-"));
  });
  after("closes VS Code", () => workbench?.close());
  return () => {
    assert.ok(workbench, "the workbench has not been opened");
    return workbench;
  };
}
