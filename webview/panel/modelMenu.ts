/** What can be done with what a run has learned. */
import type { AnyDescription } from "../../src/protocol/run";
import type { ViewCommand } from "../../src/protocol/webview";
import type { MenuItem } from "../parts/menu";

/**
 * The entries of the menu; none where the run keeps nothing to work with.
 *
 * @param steps made so far
 */
export function modelItems(
  description: AnyDescription | null,
  steps: number,
  send: (command: ViewCommand) => void,
): MenuItem[] {
  if (!description || description.folder === null) return [];
  const curves: MenuItem = { label: "Export Curves…", run: () => send("exportModel") };
  if (description.function) return [curves];
  const disabled = steps === 0;
  return [
    { label: "Export Model…", disabled, run: () => send("exportModel") },
    { label: "Predict with This Model…", disabled, run: () => send("predict") },
    { label: "Branch from This Run…", disabled, separated: true, run: () => send("branchRun") },
  ];
}
