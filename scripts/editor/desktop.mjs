// The VS Code that is installed on this machine, if there is one.
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { which } from "./which.mjs";

const usualPlaces = {
  linux: ["/usr/share/code/code", "/opt/visual-studio-code/code", "/snap/bin/code"],
  darwin: ["Electron", "Code"].map((name) => `/Applications/Visual Studio Code.app/Contents/MacOS/${name}`),
  win32: ["LOCALAPPDATA", "ProgramFiles"].map((variable) =>
    path.join(process.env[variable] ?? "C:\\", "Programs", "Microsoft VS Code", "Code.exe"),
  ),
};

/**
 * The program itself rather than the `code` command where possible: the command hands over to a window and returns, and
 * what it started could not be ended with this process.
 * @returns {string | null}
 */
export function installedEditor() {
  const command = which(process.platform === "win32" ? "code.cmd" : "code");
  if (command !== null) {
    const bin = path.dirname(realpathSync(command));
    const beside = ["../code", "../Code.exe", "../../../MacOS/Electron", "../../../MacOS/Code"];
    return beside.map((file) => path.join(bin, file)).find((file) => existsSync(file)) ?? command;
  }
  const places = new Map(Object.entries(usualPlaces)).get(process.platform) ?? [];
  return places.find((file) => existsSync(file)) ?? null;
}

/** A desktop program needs somewhere to show its window. */
export function hasDisplay() {
  if (process.platform !== "linux") return true;
  return Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
}
