// A browser to show the workbench in: the Chromium that an npm package carries where there is one for this machine, so
// that everybody tests in the same, else one that is installed. (In an installed Chromium 156 the second webview of this
// editor stays blank more often than not, because registering its service worker never ends.)
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { cached, npmInstall } from "./cache.mjs";
import { which } from "./which.mjs";

const npmChromium = "147.0.0";

const installed = {
  linux: ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((variable) =>
    ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"].map((file) =>
      path.join(process.env[variable] ?? "C:\\", file),
    ),
  ),
};

/** A headless browser for Playwright. The environment variable CHROME_PATH names one to use instead. */
export async function launchBrowser() {
  const { chromium } = await import("playwright-core");
  const { executablePath, env = {} } = await findBrowser();
  return chromium.launch({
    executablePath,
    headless: true,
    env: { ...process.env, ...env },
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
    // processes.mjs ends this process on a signal, and Playwright ends the browser when this process exits.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** @returns {Promise<{ executablePath: string, env?: Record<string, string> }>} */
async function findBrowser() {
  const wanted = process.env["CHROME_PATH"];
  if (wanted) return { executablePath: wanted };
  let reason = "";
  if (process.platform === "linux" && process.arch === "x64") {
    try {
      return await chromiumFromNpm();
    } catch (error) {
      reason = error instanceof Error ? ` (${error.message})` : "";
    }
  }
  const candidates = new Map(Object.entries(installed)).get(process.platform) ?? [];
  for (const candidate of candidates) {
    const executablePath = path.isAbsolute(candidate) ? candidate : which(candidate);
    if (executablePath === null || !existsSync(executablePath)) continue;
    // A stub that wants a snap installed is there, but does not answer.
    if (
      process.platform !== "linux" ||
      spawnSync(executablePath, ["--version"], { timeout: 5000 }).status === 0
    )
      return { executablePath };
  }
  throw new Error(`No browser found: install Chrome, Chromium or Edge, or name one in CHROME_PATH${reason}.`);
}

async function chromiumFromNpm() {
  const folder = await cached(`chromium-${npmChromium}`, async (draft) => {
    console.log("Installing Chromium from the npm registry (once, about 200 MB) …");
    await npmInstall(draft, [`@sparticuz/chromium@${npmChromium}`]);
    const bin = path.join(draft, "node_modules/@sparticuz/chromium/bin");
    await unpack(path.join(bin, "chromium.br"), path.join(draft, "chromium"));
    chmodSync(path.join(draft, "chromium"), 0o755);
    for (const [name, target] of [
      ["swiftshader", "."], // its software renderer, beside it
      ["al2023", "nss"], // libraries that a bare system lacks
      ["fonts", "fonts"],
    ]) {
      const archive = path.join(draft, `${name}.tar`);
      mkdirSync(path.join(draft, target), { recursive: true });
      await unpack(path.join(bin, `${name}.tar.br`), archive);
      execFileSync("tar", ["-xf", archive, "-C", path.join(draft, target)]);
      rmSync(archive);
    }
    rmSync(path.join(draft, "node_modules"), { recursive: true });
  });
  return { executablePath: path.join(folder, "chromium"), env: bareSystem(folder) };
}

/** What a system without desktop libraries or fonts needs beside the browser. @param {string} folder */
function bareSystem(folder) {
  /** @type {Record<string, string>} */
  const env = {};
  const libraries = spawnSync("ldd", [path.join(folder, "chromium")]);
  if (String(libraries.stdout).includes("not found"))
    env["LD_LIBRARY_PATH"] = [path.join(folder, "nss/lib"), process.env["LD_LIBRARY_PATH"]]
      .filter(Boolean)
      .join(":");
  if (!existsSync("/etc/fonts/fonts.conf")) {
    const fonts = path.join(folder, "fonts");
    writeFileSync(
      path.join(fonts, "fonts.conf"),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>`,
    );
    env["FONTCONFIG_PATH"] = fonts;
  }
  return env;
}

/** @param {string} from @param {string} to */
async function unpack(from, to) {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}
