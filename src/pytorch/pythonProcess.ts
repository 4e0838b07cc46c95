/**
 * A Python process that answers questions, one at a time. The caller sleeps until the answer is there, as it would compute it itself:
 * so an engine that computes elsewhere has the interface of one that computes here.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import type { FromPython, PythonEnd, PythonMessage, PythonThreadStart, ToPython } from "./messages";
import { PythonError } from "./pythonError";

/** Milliseconds without a sign of life after which a process is taken to hang: it gives one every second. */
const mostSilence = 60_000;

/** Importing PyTorch from a cold disk takes its time. */
const mostSilenceAtStart = 180_000;

/** Milliseconds in which a process may end by itself. */
const endPatience = 3000;

export interface PythonLaunch {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Its working folder. */
  folder: string;
}

export interface PythonOptions {
  /** The bundle of pythonThread.ts. */
  threadFile: string;
  /** Shared with whoever ends this thread by force: where the number of the process stands while it lives. */
  signal?: Int32Array;
  mostSilence?: number;
}

/** Memory for `PythonOptions.signal`. */
export function createSignal(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

export class PythonProcess {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly signal: Int32Array;
  private heard = performance.now();
  private ready = false;
  /** Why there will be no more answers. */
  private failure: PythonError | null = null;
  private end: PythonEnd | null = null;
  /** What the messages say beside how it ended. */
  where = "before the first step";

  constructor(
    private readonly launch: PythonLaunch,
    private readonly options: PythonOptions,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.signal = options.signal ?? createSignal();
    const workerData: PythonThreadStart = { ...launch, port: port2, signal: this.signal };
    this.worker = new Worker(options.threadFile, {
      workerData,
      transferList: [port2],
      execArgv: [],
      name: "downhill python",
    });
    this.worker.unref();
    this.worker.on("error", () => undefined);
  }

  /** The process's first message, or how it ended instead. `breathe` is awaited meanwhile and may throw to give up. */
  async started(breathe: () => Promise<void>): Promise<PythonMessage | PythonEnd> {
    for (;;) {
      const message = this.receive();
      if (message) {
        this.ready = true;
        return message;
      }
      if (this.end) return this.end;
      this.watch();
      await breathe();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /**
   * Asks and sleeps until the answer is there.
   *
   * @param interrupt shared memory: when it becomes non-zero, the process is told to come to an end
   * @throws PythonError when there is none and never will be
   */
  ask(
    header: { type: string; [key: string]: unknown },
    payload?: Uint8Array,
    interrupt?: Int32Array,
  ): PythonMessage {
    this.expectLife();
    this.send(header, payload);
    this.heard = performance.now();
    let told = false;
    for (;;) {
      const seen = Atomics.load(this.signal, 0);
      const answer = this.receive();
      if (answer) return this.expectSuccess(answer);
      this.expectLife();
      if (interrupt && !told && Atomics.load(interrupt, 0) !== 0) {
        this.send({ type: "interrupt" });
        told = true;
      }
      this.watch();
      Atomics.wait(this.signal, 0, seen, 5);
    }
  }

  /** Ends the process. Resolves when it is gone. */
  async close(): Promise<void> {
    if (this.end === null && this.failure === null) this.send({ type: "end" });
    const gentle = performance.now() + endPatience;
    const forced = gentle + 2 * endPatience;
    let killed = false;
    while (this.end === null && performance.now() < forced) {
      this.receive();
      if (!killed && (this.failure !== null || performance.now() > gentle)) {
        this.port.postMessage("kill" satisfies ToPython);
        killed = true;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await this.worker.terminate();
  }

  private send(header: { type: string }, payload?: Uint8Array): void {
    const message: ToPython = { header, ...(payload ? { payload } : {}) };
    this.port.postMessage(message);
  }

  /** The next message that is not a mere sign of life. */
  private receive(): PythonMessage | null {
    for (;;) {
      const received: { message: FromPython } | undefined = receiveMessageOnPort(this.port);
      if (!received) return null;
      this.heard = performance.now();
      if ("end" in received.message) {
        this.end = received.message.end;
        this.failure ??= new PythonError(this.endText(this.end));
        return null;
      }
      const { message } = received.message;
      if (message.header.type !== "alive") return message;
    }
  }

  /** Why it answers no more. */
  get failed(): PythonError {
    return this.failure ?? new PythonError("The Python process ended.");
  }

  /** The last lines of its standard error, once it has ended. */
  get lastLines(): readonly string[] {
    return this.end?.lines ?? [];
  }

  private expectLife(): void {
    if (this.failure) throw this.failure;
  }

  private expectSuccess(answer: PythonMessage): PythonMessage {
    const { type, message, memory } = answer.header;
    if (type !== "failed") return answer;
    this.failure = new PythonError(
      memory === true
        ? `PyTorch ran out of memory ${this.where}; try smaller batches, a smaller network, or another "device" (${String(message)}).`
        : `PyTorch failed ${this.where}: ${withoutStop(String(message))}.`,
    );
    throw this.failure;
  }

  /** Throws when the process has been silent for too long. */
  private watch(): void {
    const patience = this.options.mostSilence ?? (this.ready ? mostSilence : mostSilenceAtStart);
    if (performance.now() - this.heard < patience) return;
    const seconds = Math.round(patience / 1000);
    this.failure = new PythonError(
      `PyTorch hung ${this.where}: it gave no sign of life for ${seconds} s, and was ended.`,
    );
    this.port.postMessage("kill" satisfies ToPython);
    throw this.failure;
  }

  private endText({ fault, rubbish, code, signal, lines }: PythonEnd): string {
    if (fault !== undefined) return `${this.launch.command} could not be started (${fault}).`;
    if (rubbish !== undefined)
      return `PyTorch was ended ${this.where}, as ${this.launch.command} printed what is no message of train.py: ${withoutStop(rubbish)}.`;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const last = lastWords(lines);
    const killed = signal === "SIGKILL" ? ", as a process is that needs more memory than there is" : "";
    return `The Python process ended ${this.where}, ${how}${killed}${last === null ? "" : `: ${withoutStop(last)}`}.`;
  }
}

/** The line of standard error that says most: the last one that names an error, else the last. */
export function lastWords(lines: readonly string[]): string | null {
  const told = lines.filter((line) => line.trim() !== "");
  // torchrun adds a report of its own in which the child's error stands only as a number.
  const errors = told.filter((line) =>
    /^(\[rank\d+\]: ?)?[A-Za-z_.]*(Error|Exception|Refusal|Interrupt)\b/.test(line),
  );
  const own = errors.filter((line) => !/ChildFailedError/.test(line));
  const line = own.at(-1) ?? told.at(-1);
  return line === undefined ? null : line.replace(/^\[rank\d+\]: ?/, "").trim();
}

function withoutStop(text: string): string {
  return text.replaceAll(/\s+/g, " ").replace(/[.\s]+$/, "");
}
