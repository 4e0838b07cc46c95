// The webviews without an editor: node test/webview/serve.mjs, then open the address it prints.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const themes = Object.keys(JSON.parse(readFileSync(path.join(root, "test/webview/themes.json"), "utf8")));
const scenes = [
  "live",
  "empty",
  "loading",
  "started",
  "running",
  "paused",
  "regression",
  "completed",
  "regression-completed",
  "stopped",
  "diverged",
  "failed",
  "crashed",
  "interrupted",
  "long",
  "no-validation",
  "two-targets",
  ...["rosenbrock", "himmelblau", "rastrigin", "narrow-bowl", "gaps", "curve", "plane"].map(
    (name) => `f-${name}`,
  ),
];

/** The same policy as in the editor. */
const policy =
  "default-src 'none'; style-src 'self' 'nonce-dev'; script-src 'nonce-dev'; img-src 'self' data:";

/** What the editor puts into every webview. */
const editorStyle = `html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); background: var(--vscode-editor-background); }
html.side { background: var(--vscode-sideBar-background); }
body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
  font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }`;

const page = (/** @type {string} */ view) => `<!DOCTYPE html>
<html lang="en" class="${view}"><head><meta charset="utf-8"><link rel="icon" href="data:,"><meta property="csp-nonce" content="dev"><title>Downhill ${view}</title>
<link rel="stylesheet" href="editor.css"><link rel="stylesheet" href="${view}.css"></head>
<body><div id="root"></div>
<script nonce="dev" src="feed.js"></script><script nonce="dev" src="${view}.js"></script></body></html>`;

const index = () =>
  `<!DOCTYPE html><meta charset="utf-8"><title>Downhill webviews</title><table>${scenes
    .map(
      (scene) =>
        `<tr><th>${scene}</th>${themes
          .flatMap((theme) =>
            ["panel", "side"].map(
              (view) => `<td><a href="${view}?scene=${scene}&theme=${theme}">${view}, ${theme}</a></td>`,
            ),
          )
          .join("")}</tr>`,
    )
    .join("")}</table>`;

export async function serve(port = 0) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { panel: "webview/panel.ts", side: "webview/side.ts", feed: "test/webview/feed.ts" },
    outdir: "out",
    bundle: true,
    write: false,
    format: "iife",
    target: "chrome120",
    define: { DOWNHILL_VERSION: '"dev"' },
  });
  const files = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
  files.set("editor.css", editorStyle);
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://localhost").pathname.slice(1);
    const file = files.get(name);
    const html = name === "panel" || name === "side" ? page(name) : name === "" ? index() : null;
    response.writeHead(file === undefined && html === null ? 404 : 200, {
      "content-type": name.endsWith(".js")
        ? "text/javascript"
        : name.endsWith(".css")
          ? "text/css"
          : "text/html",
      ...(name === "panel" || name === "side" ? { "content-security-policy": policy } : {}),
    });
    response.end(file ?? html ?? "");
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  return {
    server,
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : port}`,
    themes,
    scenes,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve(Number(process.argv[2] ?? 0));
  process.stdout.write(`${url}\n`);
}
