import type { RunStatus } from "../protocol/run";

/** Whether a run of this status has steps left to make. A failed one goes on from its last checkpoint. */
export function isResumable(status: RunStatus): boolean {
  return status === "interrupted" || status === "stopped" || status === "failed";
}
