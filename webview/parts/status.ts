import { finishedStatuses, type RunResult, type RunStatus } from "../../src/protocol/run";
import { element, setText } from "../dom";
import { icon, setIcon, type IconName } from "../icons";

interface StatusInfo {
  label: string;
  icon: IconName;
}

const statuses: Record<RunStatus, StatusInfo> = {
  loading: { label: "Loading", icon: "dot" },
  running: { label: "Running", icon: "play" },
  paused: { label: "Paused", icon: "pause" },
  completed: { label: "Completed", icon: "check" },
  "early-stopped": { label: "Stopped early", icon: "check" },
  stopped: { label: "Stopped", icon: "stop" },
  diverged: { label: "Diverged", icon: "warning" },
  failed: { label: "Failed", icon: "error" },
  interrupted: { label: "Interrupted", icon: "interrupted" },
};

export function statusInfo(status: RunStatus): StatusInfo {
  return statuses[status];
}

export function isFinished(status: RunStatus): boolean {
  return finishedStatuses.includes(status);
}

/** Training again as it is would end as it did: the run config is to be changed first. */
export function needsMending({ status, result }: { status: RunStatus; result: RunResult | null }): boolean {
  return status === "diverged" || (status === "failed" && result?.cause !== "internal");
}

/** The status as an icon and a word, so that colour is never the only sign. */
export class StatusBadge {
  readonly root = element("span", "status");
  private readonly svg = icon("dot");
  private readonly label = element("span");

  constructor() {
    this.root.append(this.svg, this.label);
  }

  update(status: RunStatus): void {
    this.root.dataset["status"] = status;
    setIcon(this.svg, statuses[status].icon);
    setText(this.label, statuses[status].label);
  }
}
