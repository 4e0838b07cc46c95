/** How the Python process of a run is started: python itself, or torchrun for several processes. */
import type { PyTorchEngineConfig } from "../config/runConfig";

/** The arguments of the interpreter. @param threads of each process; absent: as many as PyTorch takes */
export function launchArguments(
  script: string,
  { device, processes }: Pick<PyTorchEngineConfig, "device" | "processes">,
  threads: number | undefined,
): string[] {
  const options = [
    "--serve",
    "--device",
    device,
    ...(threads === undefined ? [] : ["--threads", `${threads}`]),
  ];
  if (processes === 1) return ["-u", script, ...options];
  // A free port of this machine is found for the processes to meet at.
  return ["-u", script, "torchrun", "--standalone", "--nproc_per_node", `${processes}`, script, ...options];
}
