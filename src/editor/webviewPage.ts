import { randomBytes } from "node:crypto";

export interface PageResources {
  /** The webview's `cspSource`. */
  cspSource: string;
  /** Addresses of the bundle, as the webview may load them. */
  script: string;
  style: string;
  title: string;
  nonce: string;
}

/** 128 random bits: a nonce must not be guessed. */
export function createNonce(): string {
  return randomBytes(16).toString("base64url");
}

/**
 * The page of a webview. Nothing may be loaded or run but the bundle named here and what it imports (which inherits the
 * nonce): no inline style or script, no network. The toolkit takes the nonce from the meta element, for the one style that it adds to find out whether the
 * browser knows :focus-visible; its other styles are constructed style sheets, which the policy does not concern.
 */
export function webviewPage({ cspSource, script, style, title, nonce }: PageResources): string {
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource} data:`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta property="csp-nonce" content="${escapeHtml(nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(style)}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
