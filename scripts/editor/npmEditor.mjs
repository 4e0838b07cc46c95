// VS Code's own workbench and extension host from the npm registry: code-server carries them. It needs no compiler, no
// download but npm's, and no display.
import { copyFileSync, existsSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import path from "node:path";
import { cached, npmInstall } from "./cache.mjs";

const codeServer = "4.100.3"; // VS Code 1.100.3
const ripgrep = "1.18.0";

/** The folder of VS Code's server inside code-server, installed when it is not there yet (about 15 s, 300 MB). */
export async function npmEditor() {
  if (process.platform === "win32")
    throw new Error("The editor from the npm registry does not run on Windows: install VS Code.");
  const folder = await cached(`code-server-${codeServer}`, async (draft) => {
    console.log("Installing VS Code's workbench from the npm registry (once, about 300 MB) …");
    const rg = `@vscode/ripgrep-${process.platform}-${process.arch}`;
    await npmInstall(draft, [`code-server@${codeServer}`, `${rg}@${ripgrep}`]);
    // Its install script would do this and compile optional native modules, which are not needed here.
    const server = path.join(draft, "node_modules/code-server/lib/vscode");
    await npmInstall(server, []);
    if (!existsSync(path.join(server, "node_modules.asar")))
      symlinkSync("node_modules", path.join(server, "node_modules.asar"), "dir");
    const rgFolder = path.join(server, "node_modules/@vscode/ripgrep/bin");
    mkdirSync(rgFolder, { recursive: true });
    copyFileSync(path.join(draft, "node_modules", rg, "bin/rg"), path.join(rgFolder, "rg"));
  });
  return path.join(folder, "node_modules/code-server/lib/vscode");
}

/** A Node of the major version that the editor is made for, for machines whose own Node cannot run it. */
export async function npmNode() {
  const folder = await cached("node-20", async (draft) => {
    console.log(`Node ${process.version} cannot run this editor: installing Node 20 for it …`);
    const name = `node-${process.platform}-${process.arch}`;
    await npmInstall(draft, [`${name}@20`]);
    renameSync(path.join(draft, "node_modules", name), path.join(draft, "node"));
  });
  return path.join(folder, "node/bin/node");
}
