import assert from "node:assert/strict";
import { createNonce, webviewPage } from "../../../src/editor/webviewPage";

const resources = {
  cspSource: "'self' https://*.vscode-cdn.net",
  script: "https://x.vscode-cdn.net/panel.js",
  style: "https://x.vscode-cdn.net/panel.css",
  title: "<iris> & co",
  nonce: "abc",
};
const page = webviewPage(resources);
const policy = (/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "").replaceAll(
  "&#39;",
  "'",
);

describe("The page of a webview", () => {
  it("allows nothing but its own bundle", () => {
    assert.deepEqual(policy.split("; "), [
      "default-src 'none'",
      "img-src 'self' https://*.vscode-cdn.net data:",
      "style-src 'self' https://*.vscode-cdn.net 'nonce-abc'",
      "script-src 'nonce-abc'",
      "font-src 'self' https://*.vscode-cdn.net",
    ]);
    assert.doesNotMatch(page, /unsafe|\sstyle=|\son\w+=/);
  });

  it("runs one script, by its nonce, after the element that it fills", () => {
    assert.deepEqual(page.match(/<script[^>]*>/g), [
      `<script type="module" nonce="abc" src="${resources.script}">`,
    ]);
    assert.ok(page.indexOf('id="root"') < page.indexOf("<script"));
  });

  it("takes a title as text", () => {
    assert.match(page, /<title>&#60;iris&#62; &#38; co<\/title>/);
  });

  it("makes a nonce that cannot be guessed, a new one each time", () => {
    const nonces = new Set(Array.from({ length: 100 }, createNonce));
    assert.equal(nonces.size, 100);
    for (const nonce of nonces) assert.match(nonce, /^[\w-]{22}$/);
  });
});
