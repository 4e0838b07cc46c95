import type { Descent } from "./descent";

/** So many steps are kept of a descent that is recorded. */
const MOST = 1024;

/**
 * How healthy the steps of a descent were: of every step up to a number that can be drawn, then of every second, every
 * fourth …, as the path is kept.
 */
export class HealthRecorder {
  private stride = 1;
  private taken = 0;
  step: number[] = [];
  decreaseRatio: number[] = [];
  angle: number[] = [];

  /** Takes the step that a descent has just made, unless it is to be passed over. */
  record({ step, decreaseRatio, angle }: Descent): void {
    if (!this.takes(step)) return;
    this.step.push(step);
    this.decreaseRatio.push(decreaseRatio);
    this.angle.push(angle);
    if (this.step.length < MOST) return;
    const stays = (_: number, i: number): boolean => i % 2 === 1;
    this.decreaseRatio = this.decreaseRatio.filter(stays);
    this.angle = this.angle.filter(stays);
    this.step = this.step.filter(stays);
  }

  /** Whether a step is kept at first; steps are asked for in ascending order, each once. */
  takes(step: number): boolean {
    if (step % this.stride !== 0) return false;
    this.taken++;
    if (this.taken >= MOST) {
      this.taken /= 2;
      this.stride *= 2;
    }
    return true;
  }
}
