/** What runs on PyTorch. A run has a copy of it, so that it needs nothing of this program's. */
import { readFile } from "node:fs/promises";
import path from "node:path";

export const scriptName = "train.py";

/** The text of media/pytorch/train.py, which lies in a folder above the bundles. */
export async function readScript(): Promise<string> {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    try {
      return await readFile(path.join(folder, "media", "pytorch", scriptName), "utf8");
    } catch (error) {
      if (folder === path.dirname(folder)) throw error;
    }
  }
}
