/** Where the frames of one subscription come from; read by one {@link FrameStream}. */
export interface FrameSource<Frame> {
  /** Starts listening. `wake` is called whenever {@link take} may have something new. */
  open(wake: () => void, nowMs: number): void;
  /** The next frame that is due, or null. */
  take(nowMs: number): Frame | null;
  /** When the next delayed frame is due; null if none is delayed. */
  dueAtMs(): number | null;
  /** How many frames are waiting that must not be lost. */
  readonly backlog: number;
  /** Stops listening. */
  close(): void;
}

/** The limits of a source. */
export interface StreamLimits {
  /** A stream that was silent for this long sends a heartbeat. */
  readonly heartbeatMs: number;
  /** How many frames can wait; beyond that the oldest are dropped, and a gap reports it. */
  readonly capacity: number;
}

/** Knows when a stream has been silent long enough to need a heartbeat. */
export class Silence {
  readonly #limitMs: number;
  #sinceMs: number;

  constructor(limitMs: number, nowMs: number) {
    this.#limitMs = limitMs;
    this.#sinceMs = nowMs;
  }

  /** To be called whenever something was sent. */
  broken(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  /** Whether a heartbeat is due; also true if the clock was set back. */
  isTooLong(nowMs: number): boolean {
    return nowMs - this.#sinceMs >= this.#limitMs || nowMs < this.#sinceMs;
  }
}
