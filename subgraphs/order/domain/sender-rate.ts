import { countedAs, type Sender } from './sender.ts';

/** The most commands of an account in a period, and of a user on all accounts together. */
export interface RateWindow {
  readonly most: number;
  readonly windowMs: number;
}

/** How much of a window is left. */
export interface WindowLeft extends RateWindow {
  /** How many commands would be accepted now. */
  readonly remaining: number;
}

/** A command that is one too many. */
export interface TooMany {
  /** The window that is full; of several, the one that is full for longest. */
  readonly window: RateWindow;
  /** After how long one more is accepted, if none is sent meanwhile. */
  readonly retryAfterMs: number;
}

/** With more senders than this, those whose windows are empty again are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Counts the commands of each account and of each user in several windows at once, by the generic cell rate algorithm:
 * a full window at once, and then as fast as it is replenished. A command is counted for both and in all windows, or is
 * one too many and counted nowhere.
 *
 * Times are those of `steadyNow`: after a step of the wall clock one command would look like a window full.
 */
export class SenderRate {
  readonly #windows: readonly RateWindow[];
  /** When each window of a name is empty again; see {@link countedAs}. */
  readonly #emptyAt = new Map<string, readonly number[]>();

  constructor(windows: readonly RateWindow[]) {
    this.#windows = windows;
  }

  /** Counts one command. @returns null, unless it is one too many */
  take(sender: Sender, nowMs: number): TooMany | null {
    // A command's share of the window can be a fraction. Half of one makes a full window hold all its commands.
    const waits = this.#windows.map((window, index) => {
      const usedMs = this.#usedMs(sender, index, nowMs);
      return { window, retryAfterMs: Math.ceil(usedMs + shareOf(window) / 2 - window.windowMs) };
    });
    const longest = waits.reduce((one, other) =>
      other.retryAfterMs > one.retryAfterMs ? other : one,
    );
    if (longest.retryAfterMs > 0) return longest;
    if (this.#emptyAt.size > MAX_REMEMBERED) this.#forget(nowMs);
    for (const name of countedAs(sender)) {
      const taken = this.#windows.map(
        (window, index) => this.#emptyAtOf(name, index, nowMs) + shareOf(window),
      );
      this.#emptyAt.set(name, taken);
    }
    return null;
  }

  /** What a sender has left in each window. */
  left(sender: Sender, nowMs: number): readonly WindowLeft[] {
    return this.#windows.map((window, index) => {
      const left = (window.windowMs - this.#usedMs(sender, index, nowMs)) / shareOf(window);
      return { ...window, remaining: Math.max(0, Math.floor(left + 0.5)) };
    });
  }

  /** How much of a window is used, of the account or of the user. */
  #usedMs(sender: Sender, index: number, nowMs: number): number {
    const emptyAt = countedAs(sender).map((name) => this.#emptyAtOf(name, index, nowMs));
    return Math.max(...emptyAt) - nowMs;
  }

  /** Now, if that time has passed. */
  #emptyAtOf(name: string, index: number, nowMs: number): number {
    return Math.max(this.#emptyAt.get(name)?.[index] ?? nowMs, nowMs);
  }

  #forget(nowMs: number): void {
    for (const [name, emptyAt] of this.#emptyAt)
      if (emptyAt.every((one) => one <= nowMs)) this.#emptyAt.delete(name);
  }
}

function shareOf({ most, windowMs }: RateWindow): number {
  return windowMs / most;
}
