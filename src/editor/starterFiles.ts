import path from "node:path";
import * as vscode from "vscode";
import { fileExists, openDocument, showDocument } from "./documents";
import { ask, UserError } from "./errors";

/** The folder in the workspace that the example files are written to. */
export const starterFolder = "downhill-examples";

/**
 * A few data files and run configs to begin with. They come with the extension and are copied into the workspace, so that
 * whoever has none can edit and train them; without a workspace, into a folder of the extension's own.
 */
export class StarterFiles {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly globalStorageUri: vscode.Uri,
  ) {}

  /** Writes all of them, and never over a file that is there. Returns their folder. */
  async create(): Promise<vscode.Uri> {
    const target = this.target();
    try {
      await copyMissing(vscode.Uri.joinPath(this.extensionUri, "dist", "starter"), target);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError(`The example files could not be written to ${target.fsPath}: ${reason}.`);
    }
    return target;
  }

  /** The command: writes the files and says where. */
  async createAndTell(): Promise<void> {
    const folder = await this.create();
    ask("information", `The example files are in ${folder.fsPath}.`, [
      { label: "Open iris.train.json", run: () => this.open("iris.train.json") },
    ]);
  }

  /** Opens one of them in an editor, written first where it is missing. */
  async open(name: string): Promise<void> {
    const own = path.join(this.target().fsPath, name);
    if (!(await fileExists(own))) await this.create();
    if (!(await fileExists(own))) throw new UserError(`There is no example file ${name}.`);
    await showDocument(await openDocument(own));
  }

  private target(): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
    return folder
      ? vscode.Uri.joinPath(folder.uri, starterFolder)
      : vscode.Uri.joinPath(this.globalStorageUri, starterFolder);
  }
}

async function copyMissing(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  await vscode.workspace.fs.createDirectory(to);
  for (const [name, type] of await vscode.workspace.fs.readDirectory(from)) {
    const [source, target] = [vscode.Uri.joinPath(from, name), vscode.Uri.joinPath(to, name)];
    if (type === vscode.FileType.Directory) await copyMissing(source, target);
    else if (!(await fileExists(target.fsPath))) await vscode.workspace.fs.copy(source, target);
  }
}
