/** Several runs, of which so many go on at once as the machine has cores: the others wait for their turn. */
import { availableParallelism } from "node:os";
import type { MessagePort } from "node:worker_threads";
import type { RunResult } from "../protocol/run";
import type { RunCommand } from "../protocol/worker";
import { nothingReached } from "./nothingReached";
import type { EventListener, Trainer } from "./trainer";

export class RunQueue {
  private readonly waiting: QueuedRun[] = [];
  private running = 0;

  constructor(private readonly most = availableParallelism()) {}

  /** The run begins when there is room for it, in the order of the calls. @param start makes the trainer that computes it */
  add(start: () => Trainer): Trainer {
    const run = new QueuedRun(start, () => {
      this.running--;
      this.next();
    });
    this.waiting.push(run);
    // Whoever adds a run listens to it first.
    queueMicrotask(() => this.next());
    return run;
  }

  private next(): void {
    while (this.running < this.most) {
      const run = this.waiting.shift();
      if (!run) return;
      if (run.ended) continue;
      this.running++;
      run.begin();
    }
  }
}

class QueuedRun implements Trainer {
  /** It was stopped before its turn came. */
  ended = false;
  private trainer: Trainer | null = null;
  private readonly listeners: EventListener[] = [];
  private readonly commands: RunCommand[] = [];

  constructor(
    private readonly start: () => Trainer,
    private readonly over: () => void,
  ) {}

  begin(): void {
    const trainer = (this.trainer = this.start());
    for (const listener of this.listeners) trainer.onEvent(listener);
    trainer.onEvent((event) => {
      if (event.type === "done") this.over();
    });
    for (const command of this.commands) trainer.send(command);
  }

  onEvent(listener: EventListener): void {
    if (this.trainer) return this.trainer.onEvent(listener);
    this.listeners.push(listener);
    void listener({ type: "loading", message: "Waiting for other runs", fraction: null });
  }

  send(command: RunCommand): void {
    if (this.trainer) this.trainer.send(command);
    else if (command.type === "stop") this.endBefore();
    else this.commands.push(command);
  }

  connect(): MessagePort | null {
    return this.trainer?.connect?.() ?? null;
  }

  async terminate(): Promise<void> {
    if (this.trainer) return this.trainer.terminate();
    this.endBefore();
  }

  private endBefore(): void {
    if (this.ended) return;
    this.ended = true;
    const result: RunResult = { ...nothingReached, status: "stopped", message: "Stopped before it began." };
    for (const listener of this.listeners) void listener({ type: "done", result });
  }
}
