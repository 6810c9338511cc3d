/** Where the frames of one subscription come from; read by one {@link FrameStream}. */
export interface FrameSource<Frame> {
  /** Starts listening. `wake` is called whenever {@link take} may have something new. */
  open(wake: () => void, nowMs: number): void;
  /** The next frame that is due, or null. */
  take(nowMs: number): Frame | null;
  /** When a delayed frame will be due; null if there is none. */
  dueAtMs(): number | null;
  /** How many frames wait that must not be lost. */
  readonly backlog: number;
  /** Stops listening. */
  close(): void;
}

/** How a source runs. */
export interface StreamLimits {
  /** A stream silent for this long says that it lives. */
  readonly heartbeatMs: number;
  /** The most frames that wait; beyond it the oldest are dropped and a gap reports that. */
  readonly capacity: number;
}

/** Reports when a stream has been silent for so long that it must send a heartbeat. */
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

  /** Whether a heartbeat must be sent now; also if the clock was set back. */
  isTooLong(nowMs: number): boolean {
    return nowMs - this.#sinceMs >= this.#limitMs || nowMs < this.#sinceMs;
  }
}
