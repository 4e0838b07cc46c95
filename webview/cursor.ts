/** The step that the user points at, shared by all charts: a spike of the loss can be found on the path. */
export class Cursor {
  /** Where nothing is pointed at, the one that is pinned. */
  step: number | null = null;
  /** Chosen on the scrubber: it stays when the pointer leaves a chart. */
  pinned: number | null = null;

  constructor(private readonly changed: () => void) {}

  move(step: number | null): void {
    const next = step ?? this.pinned;
    if (next === this.step) return;
    this.step = next;
    this.changed();
  }

  pin(step: number | null): void {
    this.pinned = step;
    this.step = step;
    this.changed();
  }
}
