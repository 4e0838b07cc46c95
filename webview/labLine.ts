/** Questions to the lab of the run that is shown, and their answers as they come. */
import type { LabAnswer, LabQuestion } from "../src/protocol/surface";
import { askLab, onLabAnswer } from "./host";

export interface Asked {
  /** The answer is not wanted any more: nothing more comes. */
  leave(): void;
}

export type AnswerPart = Exclude<LabAnswer, { done: true } | { failed: string }>;

export interface AnswerListener {
  part(part: AnswerPart): void;
  /** @param failed a sentence, where it ended because of a failure */
  done(failed: string | null): void;
}

/** Of all lines of the page: an answer finds its question by it. */
/** Not from 0: an answer to an earlier page of the same panel must not be taken for one to this page. */
let lastId = Date.now();

export class LabLine {
  private readonly listeners = new Map<number, AnswerListener>();

  constructor() {
    onLabAnswer((answer) => this.receive(answer));
  }

  ask(run: string, question: LabQuestion, listener: AnswerListener): Asked {
    const id = ++lastId;
    this.listeners.set(id, listener);
    askLab({ type: "askLab", run, id, question });
    return {
      leave: () => {
        if (this.listeners.delete(id)) askLab({ type: "leaveLab", id });
      },
    };
  }

  private receive(answer: LabAnswer): void {
    const listener = this.listeners.get(answer.id);
    if (!listener) return;
    if ("done" in answer || "failed" in answer) {
      this.listeners.delete(answer.id);
      listener.done("failed" in answer ? answer.failed : null);
    } else listener.part(answer);
  }
}
