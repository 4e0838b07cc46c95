/** A run that goes on, seen from the lab: asks the run's worker through a port. */
import type { MessagePort } from "node:worker_threads";
import type { LabMaterial, Look, LookReply, LookRequest } from "./look";
import type { RunView } from "./bench";

/** Rejects when the run ended before it had begun. */
export function liveView(port: MessagePort): Promise<RunView> {
  let last: Look | null = null;
  let ended = false;
  const waiting: { resolve: (look: Look) => void; reject: (error: Error) => void }[] = [];
  return new Promise((resolve, reject) => {
    const look = (path: boolean): Promise<Look> => {
      if (ended) return last ? Promise.resolve(last) : Promise.reject(new Error("the run ended"));
      return new Promise((seen, failed) => {
        waiting.push({ resolve: seen, reject: failed });
        const request: LookRequest = { path };
        port.postMessage(request);
      });
    };
    const began = (material: LabMaterial): void => resolve({ material, look });
    port.on("message", (reply: LookReply) => {
      if (reply.type === "material") return began(reply.material);
      last = reply.look;
      waiting.shift()?.resolve(reply.look);
    });
    port.on("close", () => {
      ended = true;
      reject(new Error("the run ended"));
      for (const { resolve: seen, reject: failed } of waiting.splice(0)) {
        if (last) seen(last);
        else failed(new Error("the run ended"));
      }
    });
  });
}
