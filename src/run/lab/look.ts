/**
 * What a lab looks at: the encoded data and the network of a run, and where its parameters stand. A run that goes on shows them
 * through a `Lookout` of its worker; of one that is kept they are read from its folder (`storedView.ts`).
 */
import type { MessagePort } from "node:worker_threads";
import type { Prepared } from "../../data/prepare";
import type { Samples } from "../../data/samples";
import type { PlaneOfParameters } from "../../descent/parameterPlane";
import type { EngineSettings, FloatArray } from "../../engine/engine";
import type { Trajectory } from "../../protocol/run";
import type { Part } from "../../protocol/evaluation";
import type { Material } from "../material";
import type { Scoring } from "../metrics";

/** What stays the same for the whole of a run. The samples are shared memory: posting them copies nothing. */
export interface LabMaterial {
  /** Of the run's own engine. */
  readonly settings: EngineSettings;
  readonly training: Samples;
  readonly validation: Samples | null;
  readonly test: Samples | null;
  readonly scoring: Scoring;
  /** How the rows were made of the data file, and which of its rows each of them is. */
  readonly source?: RowSource;
}

/** Where the rows of a run come from. */
export interface RowSource extends Pick<Prepared, "preparation" | "rows" | "lines"> {
  /** The data file of each part, as the run config names it. */
  readonly files: Readonly<Record<Part, string>>;
}

export function rowSourceOf({ config: { data }, prepared }: Material): RowSource {
  const { preparation, rows, lines } = prepared;
  const { file, validationFile = file, testFile = file } = data;
  return { preparation, rows, lines, files: { training: file, validation: validationFile, test: testFile } };
}

/** Where a run stands. */
export interface Look {
  /** Steps made. */
  readonly step: number;
  /** All parameters, as `Engine.parameters` has them. */
  readonly parameters: FloatArray;
  /** null where none is known: before the first steps, and of a network too large to keep its path. */
  readonly path: LookedPath | null;
}

export interface LookedPath {
  readonly trajectory: Trajectory;
  /** All parameters at each point of the trajectory; null where only the plane was kept. */
  readonly points: readonly FloatArray[] | null;
  /** The plane of the trajectory; null where it follows from the points. */
  readonly plane: PlaneOfParameters | null;
}

/** Lab → run's worker: "show me where you stand", again and again. */
export interface LookRequest {
  /** Whether the path is wanted too. */
  readonly path: boolean;
}

/** Run's worker → lab. The first message is the material; then a look for every request, and a last one when the run ends. */
export type LookReply = { type: "material"; material: LabMaterial } | { type: "look"; look: Look };

/** What a run shows of itself. Called between two chunks of steps. */
export interface LookedAt {
  readonly material: LabMaterial;
  look(path: boolean): Look;
}

/**
 * Where a run lets others look at it. Requests are messages, which the run's worker receives between chunks only, so that what is
 * shown is never half a step; an answer costs the run one copy of its parameters.
 */
export class Lookout {
  private run: LookedAt | null = null;
  private readonly ports = new Set<MessagePort>();
  /** Requests that came before there was anything to see. */
  private early: (() => void)[] = [];

  /** Answers the requests that come through a port, as soon as the run has begun. */
  admit(port: MessagePort): void {
    this.ports.add(port);
    port.on("close", () => this.ports.delete(port));
    port.on("message", (request: LookRequest) =>
      this.whenOpen((run) => this.answer(port, run, request.path)),
    );
    this.whenOpen(({ material }) => post(port, { type: "material", material }));
    // A lab that looks on does not keep a run's worker alive.
    port.unref();
  }

  open(run: LookedAt): void {
    this.run = run;
    for (const answer of this.early.splice(0)) answer();
  }

  /** Shows the end to those who look, and nothing after it. */
  close(): void {
    for (const port of this.ports) {
      if (this.run) this.answer(port, this.run, true);
      port.close();
    }
    this.ports.clear();
    this.early = [];
  }

  private whenOpen(answer: (run: LookedAt) => void): void {
    if (this.run) answer(this.run);
    else this.early.push(() => this.run && answer(this.run));
  }

  private answer(port: MessagePort, run: LookedAt, path: boolean): void {
    post(port, { type: "look", look: run.look(path) });
  }
}

function post(port: MessagePort, reply: LookReply): void {
  port.postMessage(reply);
}

/** A copy that another thread can read without a further one. */
export function sharedCopy(values: FloatArray): Float32Array {
  const copy =
    typeof SharedArrayBuffer === "undefined"
      ? new Float32Array(values.length)
      : new Float32Array(new SharedArrayBuffer(values.length * Float32Array.BYTES_PER_ELEMENT));
  copy.set(values);
  return copy;
}
