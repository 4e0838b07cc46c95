import * as vscode from "vscode";

/** The pages of media/docs by file name, in the order in which they are read. */
export const docsPages = {
  README: "What Downhill shows",
  "loss-functions": "Loss functions",
  "gradient-descent": "Gradient descent",
  "learning-rate": "Learning rate",
  "minima-and-saddles": "Local minima and saddles",
  "mini-batches": "Mini-batches",
  momentum: "Momentum",
  rmsprop: "RMSProp",
  adam: "Adam",
  initialization: "Initialization",
  overfitting: "Overfitting",
  "step-health": "Step health",
  advice: "Advice",
  pytorch: "PyTorch",
  frameworks: "What PyTorch and TensorFlow automate",
} as const;

/** Opens a page of the documents in the Markdown preview, which draws its formulas; without a page the user picks one. */
export async function openDocs(extensionUri: vscode.Uri, page?: unknown): Promise<void> {
  const known = typeof page === "string" && Object.hasOwn(docsPages, page) ? page : await pickPage();
  if (known === undefined) return;
  const uri = vscode.Uri.joinPath(extensionUri, "media", "docs", `${known}.md`);
  if (vscode.extensions.getExtension("vscode.markdown-language-features")) {
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  } else await vscode.window.showTextDocument(uri, { preview: true });
}

async function pickPage(): Promise<string | undefined> {
  const items = Object.entries(docsPages).map(([page, label]) => ({ label, page }));
  const options = { title: "Open Docs", placeHolder: "Choose a page" };
  return (await vscode.window.showQuickPick(items, options))?.page;
}
