import { spawnSync } from "node:child_process";

const candidates = ["/usr/bin/python3", "python3"];

/** A Python that has the module, or null. */
export function pythonWith(module: string): string | null {
  return candidates.find((python) => spawnSync(python, ["-c", `import ${module}`]).status === 0) ?? null;
}
