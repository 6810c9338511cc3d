const WINDOW_MS = 60_000;
const LINES_PER_WINDOW = 10;
/** More than there are places that log; beyond that all counts begin again. */
const MOST_KINDS = 1000;

interface Window {
  readonly startedAtMs: number;
  written: number;
  omitted: number;
}

/**
 * Decides which lines of a log are written: of one kind at most ten a minute, so that no outage and no
 * attack fills a disk. How many were omitted is reported at the end of that minute.
 */
export class RepeatedLines {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;

  /** @param now a clock that never goes back; the machine's if omitted */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Whether a line is written.
   * @param kind what is equal in all lines that count as one
   * @param report writes how many more there were; called once for each minute in which there were any
   */
  isWritten(kind: string, report: (omitted: number) => void): boolean {
    const window = this.#windowOf(kind);
    if (window.written < LINES_PER_WINDOW) {
      window.written += 1;
      return true;
    }
    window.omitted += 1;
    if (window.omitted === 1)
      setTimeout(
        () => report(window.omitted),
        window.startedAtMs + WINDOW_MS - this.#now(),
      ).unref();
    return false;
  }

  #windowOf(kind: string): Window {
    const nowMs = this.#now();
    const known = this.#windows.get(kind);
    if (known !== undefined && nowMs < known.startedAtMs + WINDOW_MS) return known;
    if (this.#windows.size >= MOST_KINDS) this.#windows.clear();
    const window = { startedAtMs: nowMs, written: 0, omitted: 0 };
    this.#windows.set(kind, window);
    return window;
  }
}
