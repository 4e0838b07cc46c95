/** The step that the user points at, shared by all charts: a spike of the loss can be found on the path. */
export class Cursor {
  step: number | null = null;

  constructor(private readonly changed: () => void) {}

  move(step: number | null): void {
    if (step === this.step) return;
    this.step = step;
    this.changed();
  }
}
