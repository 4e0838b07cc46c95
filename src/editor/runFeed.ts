import { PROTOCOL_VERSION } from "../protocol/run";
import type { RunDelta, RunSnapshot, ToWebview } from "../protocol/webview";
import { mergeDeltas, ownArrays } from "./mergeDeltas";
import type { RunSource } from "./runSource";

/** Milliseconds between two messages: at most 20 a second. */
const interval = 50;

/**
 * Feeds one webview with one run: a snapshot when its page has loaded, then what changes, as long as the page
 * is there. Between two messages changes are put together, so that none is lost and no more than 20 a second go out.
 */
export class RunFeed {
  private run: RunSource | null = null;
  /** Drawn beside the run, with what it had told when the page was filled. */
  private beside: RunSource | null = null;
  private unsubscribe: (() => void) | undefined;
  private pageLoaded = false;
  /** The page has the snapshot that deltas build on. */
  private hydrated = false;
  private pending: RunDelta | null = null;
  private timer: NodeJS.Timeout | undefined;
  private lastPost = 0;

  constructor(
    private readonly post: (message: ToWebview) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  get source(): RunSource | null {
    return this.run;
  }

  /** Shows another run; null is the empty state. */
  show(run: RunSource | null): void {
    this.unsubscribe?.();
    this.run = run;
    this.beside = null;
    this.drop();
    this.unsubscribe = run?.onDelta?.((delta) => this.queue(delta));
    if (this.pageLoaded) void this.sendSnapshot();
  }

  /** Draws another run beside the one that is shown, until a third is. */
  showBeside(beside: RunSource): void {
    this.beside = beside;
    if (this.pageLoaded) void this.sendSnapshot();
  }

  /** The page has loaded and knows nothing. */
  ready(): void {
    this.pageLoaded = true;
    void this.sendSnapshot();
  }

  /** The page is gone: it is hidden, and a hidden webview keeps nothing. */
  hidden(): void {
    this.pageLoaded = false;
    this.drop();
  }

  dispose(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    this.hidden();
    this.run = null;
  }

  private async sendSnapshot(): Promise<void> {
    const { run, beside } = this;
    this.drop();
    try {
      // A run beside the shown one that cannot be read is left out.
      const before = beside && (await loadOf(beside).catch(() => null));
      if (beside !== this.beside) return;
      let loaded = run?.load() ?? null;
      if (loaded instanceof Promise) loaded = await loaded;
      if (run !== this.run || !this.pageLoaded) return;
      // What came while the other run was read is in what has just been loaded.
      this.drop();
      const shown = loaded && before ? { ...loaded, beside: { ...before, trajectory: null } } : loaded;
      this.post({ type: "snapshot", version: PROTOCOL_VERSION, run: ownArrays(shown) });
      this.hydrated = true;
      this.lastPost = Date.now();
    } catch (error) {
      this.onError(error);
    }
  }

  private queue(delta: RunDelta): void {
    if (!this.hydrated) return;
    this.pending = this.pending ? mergeDeltas(this.pending, delta) : delta;
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.lastPost + interval - Date.now()));
  }

  private flush(): void {
    this.timer = undefined;
    const delta = this.pending;
    this.pending = null;
    if (!delta || !this.hydrated) return;
    this.lastPost = Date.now();
    this.post({ type: "delta", run: ownArrays(delta) });
  }

  /** Forgets what was to be sent: a snapshot will hold it. */
  private drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pending = null;
    this.hydrated = false;
  }
}

async function loadOf(source: RunSource): Promise<RunSnapshot> {
  return source.load();
}
