/**
 * The host's door to the lab of one run: a thread, begun when something is first asked and ended when nobody asks any more, that looks
 * at the run's parameters and data beside training. What it can do is in `lab/jobs.ts`.
 */
import type { MessagePort, Worker } from "node:worker_threads";
import type { JobName, JobOf, PartOf } from "./lab/jobs";
import type { FromLab, LabStart, ToLab } from "./lab/labThread";
import { runCount } from "./startRun";
import { startThread } from "./thread";

/** What a lab needs to know of its run. */
export interface LabRun {
  readonly name: string;
  /** null when nothing of the run is kept. */
  readonly folder: string | null;
  /** A port to the run's worker; null or absent when it has ended. */
  connect?(): MessagePort | null;
}

export interface LabOptions {
  /** The bundle of worker.ts. */
  readonly workerFile: string;
  /** Told, in one sentence, when the lab's thread died. The run goes on without it. */
  readonly log: (message: string) => void;
  /** Milliseconds without a request after which the thread is ended. */
  readonly patience?: number;
}

/** The parts of an answer as they come; the loop ends with the last one and throws an Error for the user when it failed. */
export interface LabRequest<Part> extends AsyncIterable<Part> {
  /** Ends the work and the loop, without an error. */
  cancel(): void;
}

/** The answer cannot be had. The message is one sentence for the user. */
export class LabRequestError extends Error {
  override readonly name = "LabRequestError";
}

const patience = 30_000;

/** A lab that dies so often is not begun again. */
const mostDeaths = 3;

export class Lab {
  private worker: Worker | null = null;
  private readonly requests = new Map<number, Answer<unknown>>();
  private timer: NodeJS.Timeout | undefined;
  private lastId = 0;
  private deaths = 0;
  private disposed = false;

  constructor(
    private readonly run: LabRun,
    private readonly options: LabOptions,
  ) {}

  /** Whether its thread is there. */
  get isOpen(): boolean {
    return this.worker !== null;
  }

  /**
   * Asks for something. Of several requests the one of the highest priority is worked at, the oldest of equal ones.
   *
   * @param priority 0 for what a visible picture waits for; less for what may come later
   */
  request<Name extends JobName>(kind: Name, job: JobOf<Name>, priority = 0): LabRequest<PartOf<Name>> {
    const id = ++this.lastId;
    const answer = new Answer<PartOf<Name>>(() => {
      if (this.requests.delete(id)) this.post({ type: "cancel", id });
      this.rest();
    });
    if (this.disposed || this.deaths >= mostDeaths) {
      const why = this.disposed ? "is closed" : "has ended unexpectedly too often";
      answer.fail(new LabRequestError(`The thread that looks at ${this.run.name} ${why}.`));
      return answer;
    }
    this.requests.set(id, answer);
    clearTimeout(this.timer);
    this.open();
    this.post({ type: "job", id, kind, job, priority });
    return answer;
  }

  /** Ends the thread at once. Loops over answers end. */
  dispose(): void {
    this.disposed = true;
    for (const answer of this.requests.values()) answer.end();
    this.requests.clear();
    this.close();
  }

  private open(): void {
    if (this.worker) return;
    const port = this.run.connect?.() ?? null;
    const workerData: LabStart = { lab: { run: port, folder: this.run.folder }, runCount };
    const name = `downhill lab ${this.run.name}`;
    const worker = startThread(this.options.workerFile, workerData, name, port ? [port] : []);
    this.worker = worker;
    let crash: unknown = null;
    worker.on("message", (message: FromLab) => this.receive(message));
    worker.on("error", (error) => (crash ??= error));
    worker.on("exit", (code) => this.exited(worker, crash, code));
    // Whoever looks does not keep the program alive.
    worker.unref();
  }

  private receive(message: FromLab): void {
    const answer = this.requests.get(message.id);
    if (!answer) return;
    if (message.type === "part") return answer.push(message.part);
    this.requests.delete(message.id);
    if (message.type === "done") answer.end();
    else {
      if (message.fault) this.options.log(message.message);
      answer.fail(new LabRequestError(message.message));
    }
    this.rest();
  }

  private post(message: ToLab): void {
    this.worker?.postMessage(message);
  }

  /** Ends the thread after a while without requests. */
  private rest(): void {
    clearTimeout(this.timer);
    if (this.requests.size > 0 || !this.worker) return;
    this.timer = setTimeout(() => this.close(), this.options.patience ?? patience);
    this.timer.unref();
  }

  private close(): void {
    clearTimeout(this.timer);
    const { worker } = this;
    this.worker = null;
    void worker?.terminate();
  }

  private exited(worker: Worker, crash: unknown, code: number): void {
    if (this.worker !== worker) return;
    this.worker = null;
    this.deaths++;
    const reason = crash instanceof Error ? crash.message.split("\n")[0] : `exit code ${code}`;
    this.options.log(
      `The thread that looks at ${this.run.name} ended unexpectedly (${reason}); the run is not touched by it.`,
    );
    const answers = [...this.requests.values()];
    this.requests.clear();
    for (const answer of answers)
      answer.fail(new LabRequestError(`The thread that looks at ${this.run.name} ended unexpectedly.`));
  }
}

/** Parts that came and are not yet read. */
class Answer<Part> implements LabRequest<Part> {
  private readonly parts: Part[] = [];
  private ended = false;
  private error: Error | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly cancelled: () => void) {}

  push(part: Part): void {
    if (!this.ended) this.parts.push(part);
    this.wake();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  fail(error: Error): void {
    if (!this.ended) this.error = error;
    this.end();
  }

  cancel(): void {
    if (this.ended) return;
    this.parts.length = 0;
    this.end();
    this.cancelled();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Part> {
    try {
      for (;;) {
        const part = this.parts.shift();
        if (part !== undefined) yield part;
        else if (this.error) throw this.error;
        else if (this.ended) return;
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      // A loop that is left wants no more.
      this.cancel();
    }
  }
}
