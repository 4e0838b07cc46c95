import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { RunResult } from "../../../src/protocol/run";
import type { RunEvent, StartRun } from "../../../src/protocol/worker";
import { Control, createFlags } from "../../../src/run/control";
import { runSession } from "../../../src/run/session";
import { built } from "../cli/built";
import { removeTemporaryFolders, smallRun, temporaryFolder } from "../run/support";
import { fakePython, removeScratch } from "./support";

/** What train.py would say first, and a way to read what it is asked. */
const ready = `
const say = (message, payload) => {
  process.stdout.write(JSON.stringify(payload ? { ...message, bytes: payload.length } : message) + "\\n");
  if (payload) process.stdout.write(payload);
};
say({ type: "ready", torch: "9.9", device: "cpu", processes: 1 });
const asked = (answer) => {
  let rest = Buffer.alloc(0);
  process.stdin.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const end = rest.indexOf(10);
      if (end < 0) return;
      const header = JSON.parse(rest.subarray(0, end).toString());
      if (rest.length < end + 1 + (header.bytes ?? 0)) return;
      rest = rest.subarray(end + 1 + (header.bytes ?? 0));
      answer(header);
    }
  });
  process.stdin.on("end", () => process.exit(0));
};
`;

/** Answers like train.py, with losses of 1, up to a fault. */
const computing = (fault: string): string => `${ready}
let step = 0;
asked((header) => {
  if (header.type === "load") say({ type: "loaded" });
  else if (header.type === "write") say({ type: "written" });
  else if (header.type === "end") process.exit(0);
  else if (header.type === "evaluate") {
    const one = Buffer.alloc(8);
    one.writeDoubleLE(1);
    say({ type: "evaluation", lossSum: one.toString("hex"), weightSum: one.toString("hex") }, Buffer.alloc(4 * (header.to - header.from)));
  } else if (header.type === "read") say({ type: "state", step }, Buffer.alloc(4 * 49 * (header.slots ? 3 : 1)));
  else if (header.type === "steps") {
    const made = header.learningRates.length;
    if (step + made > 40) { ${fault} }
    else {
      step += made;
      const told = Buffer.from(new Float32Array(2 * made).fill(1).buffer);
      setTimeout(() => say({ type: "steps", completed: made, step }, told), 15);
    }
  }
});
`;

async function runWith(
  python: string,
  start: Partial<StartRun> = {},
): Promise<{ result: RunResult; folder: string | null }> {
  const workspace = temporaryFolder();
  const config = {
    data: { features: ["a", "b"] },
    network: { hidden: [12] },
    epochs: 1000,
    engine: { type: "pytorch", python },
  };
  const run = smallRun(workspace, config, { python: { known: [] }, ...start });
  const control = new Control(createFlags());
  const events: RunEvent[] = [];
  const threads = {
    file: "",
    runCount: new Int32Array(new SharedArrayBuffer(4)),
    python: { file: built().pythonThread, mostSilence: 1500 },
  };
  await runSession(run.start, control, (event) => void events.push(event), threads);
  const last = events[events.length - 1];
  assert.equal(last.type, "done");
  const begun = events.find((event) => event.type === "start");
  return { result: last.result, folder: begun?.description.folder ?? null };
}

/** A failed run, with what it says of why, and something to go on from. */
async function assertFails(python: string, message: RegExp, { begins = true } = {}): Promise<void> {
  const { result, folder } = await runWith(python);
  assert.equal(result.status, "failed");
  assert.equal(result.cause, "python");
  assert.match(result.message, message);
  assert.match(result.message, /^[^\n]+\.$/);
  if (!begins) {
    assert.equal(folder, null);
    return;
  }
  assert.ok(folder !== null && result.steps > 0);
  assert.ok(existsSync(path.join(folder, "checkpoint.safetensors")));
  const run = JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8")) as { status: string };
  assert.equal(run.status, "failed");
  // The encoded data are of no use any more.
  assert.ok(!existsSync(path.join(folder, "pytorch-rows")));
}

/** Well after the first checkpoint: each step takes its time. */
const later = (fault: string): string => computing(fault);

describe("a run whose Python", () => {
  after(() => {
    removeScratch();
    removeTemporaryFolders();
  });

  it("dies in mid-run tells its last words", () =>
    assertFails(
      fakePython(later(`console.error("Traceback\\nMemoryError: no room for x\\n"); process.exit(3)`)),
      /^The Python process ended after step \d+, with exit code 3: MemoryError: no room for x\.$/,
    ));

  it("is killed says so", () =>
    assertFails(
      fakePython(later(`process.kill(process.pid, "SIGKILL")`)),
      /^The Python process ended after step \d+, by SIGKILL, as a process is that needs more memory than there is\.$/,
    ));

  it("runs out of memory gives a remedy", () =>
    assertFails(
      fakePython(later(`say({ type: "failed", message: "RuntimeError: CUDA out of memory", memory: true })`)),
      /^PyTorch ran out of memory after step \d+; try smaller batches/,
    ));

  it("prints rubbish is ended", () =>
    assertFails(
      fakePython(later(`console.log("Hello, I am a library")`)),
      /printed what is no message of train\.py: Hello, I am a library\.$/,
    ));

  it("hangs is ended", () =>
    assertFails(fakePython(later("")), /^PyTorch hung after step \d+: it gave no sign of life for 2 s/));

  it("hangs before it is ready is ended", () =>
    assertFails(fakePython("setInterval(() => 0, 1000)"), /^PyTorch hung before the first step/, {
      begins: false,
    }));

  it("has no PyTorch tells how to install it", () => {
    const python = fakePython(
      `console.error("ModuleNotFoundError: No module named 'torch'"); process.exit(1)`,
    );
    return assertFails(
      python,
      /has no PyTorch; install it with .*python -m pip install torch, name another interpreter/,
      { begins: false },
    );
  });

  it("cannot do what the config asks for says why", () =>
    assertFails(
      fakePython(
        `console.log(JSON.stringify({ type: "failed", message: "this PyTorch sees no CUDA device" }))`,
      ),
      /^PyTorch cannot train this run: this PyTorch sees no CUDA device\.$/,
      { begins: false },
    ));

  it("is not there is told", () =>
    assertFails("/nowhere/python", /^There is no Python interpreter \/nowhere\/python; name another/, {
      begins: false,
    }));

  it("is not run in a workspace that is not trusted", async () => {
    const workspace = temporaryFolder();
    const marker = path.join(workspace, "ran");
    const python = fakePython(`require("node:fs").writeFileSync(${JSON.stringify(marker)}, "")`);
    const { python: _trusted, ...untrusted } = smallRun(workspace, {}, { python: { known: [] } }).start;
    assert.ok(!("python" in untrusted));
    const { result } = await runWith(python, { python: undefined as never });
    assert.match(result.message, /in a trusted workspace only/);
    assert.ok(!existsSync(marker));
  });

  it("ends with the run, and leaves no process behind", async () => {
    const pidFile = path.join(temporaryFolder(), "pid");
    const python = fakePython(
      `require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${later(`console.log("rubbish"); setInterval(() => 0, 1000)`)}`,
    );
    await runWith(python);
    const pid = Number(readFileSync(pidFile, "utf8"));
    assert.throws(() => process.kill(pid, 0));
  });
});
