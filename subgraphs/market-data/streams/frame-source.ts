/** Where the frames of one subscription come from; read by one {@link FrameStream}. */
export interface FrameSource<Frame> {
  /** Begins to listen. `wake` is called whenever {@link take} may have something new. */
  open(wake: () => void, nowMs: number): void;
  /** The next frame that is due, or null. */
  take(nowMs: number): Frame | null;
  /** When a frame that is held back will be due; null if none is. */
  dueAtMs(): number | null;
  /** How many frames wait that must not be lost. */
  readonly backlog: number;
  /** Stops listening. */
  close(): void;
}

/** What a source may be told of how it should run. */
export interface StreamLimits {
  /** A stream silent for this long says that it lives. */
  readonly heartbeatMs: number;
  /** So many frames wait at most; over it the oldest are dropped and a gap says so. */
  readonly capacity: number;
}

/** Tells when a stream has been silent for so long that it must say that it lives. */
export class Silence {
  readonly #limitMs: number;
  #sinceMs: number;

  constructor(limitMs: number, nowMs: number) {
    this.#limitMs = limitMs;
    this.#sinceMs = nowMs;
  }

  /** Something was sent. */
  broken(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  /** Whether something must be sent now; also if the clock was set back. */
  isTooLong(nowMs: number): boolean {
    return nowMs - this.#sinceMs >= this.#limitMs || nowMs < this.#sinceMs;
  }
}
