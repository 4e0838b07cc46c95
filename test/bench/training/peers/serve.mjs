// The talk between the bench and a peer: JSON lines. {prepare: workload} → {loss of the first epoch}; {measure: seconds} → {µs a step}.
import { createInterface } from "node:readline";

/** @param prepare async (workload) => { epoch(): mean of its batches' losses, or a promise; quick: epoch without loss } */
export async function serve(prepare) {
  let current;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    try {
      if (request.prepare) {
        current = { ...(await prepare(request.prepare)), batches: request.prepare.batches };
        reply({ loss: await current.epoch() });
      } else {
        const start = performance.now();
        let epochs = 0;
        do {
          await current.epoch();
          epochs++;
        } while (performance.now() - start < request.measure * 1000);
        reply({ microseconds: ((performance.now() - start) * 1000) / (epochs * current.batches) });
      }
    } catch (error) {
      reply({ error: String(error?.message ?? error).split("\n")[0] });
    }
  }
}

function reply(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
