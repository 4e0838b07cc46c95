/** Asks for the slice between a run and another, once, and once more when the run has ended. */
import type { SlicePart } from "../../src/protocol/surface";
import type { Asked, LabLine } from "../labLine";

export class SliceFeed {
  /** As far as it is known. */
  part: SlicePart | null = null;
  /** Why there is none. */
  failed: string | null = null;
  private of = "";
  private key = "";
  private asked: Asked | null = null;

  constructor(
    private readonly lab: LabLine,
    private readonly changed: () => void,
  ) {}

  /** Called once a frame while the slice is to be seen. */
  want(run: string, other: string, finished: boolean): void {
    const of = `${run} ${other}`;
    if (of !== this.of) this.forget();
    const key = `${of} ${finished}`;
    if (this.key === key && (this.asked || this.part || this.failed !== null)) return;
    this.pause();
    this.of = of;
    this.key = key;
    this.failed = null;
    this.asked = this.lab.ask(
      run,
      { kind: "slice", other },
      {
        part: (answer) => {
          if ("slice" in answer) this.part = answer.slice;
          this.changed();
        },
        done: (failed) => {
          this.asked = null;
          this.failed = failed;
          this.changed();
        },
      },
    );
  }

  /** Nobody looks: what is not whole is asked for anew. */
  pause(): void {
    if (this.asked) this.key = "";
    this.asked?.leave();
    this.asked = null;
  }

  forget(): void {
    this.pause();
    this.part = null;
    this.failed = null;
    this.of = this.key = "";
  }
}
