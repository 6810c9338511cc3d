import { LeakyBuckets } from '#shared/domain/leaky-buckets.ts';
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

/**
 * Counts the commands of each account and of each user in several windows at once, by leaky buckets: a full window at
 * once, and then as fast as it is replenished. A command is counted for both and in all windows, or is one too many and
 * counted nowhere. Times are those of `steadyNow`.
 */
export class SenderRate {
  readonly #windows: readonly (RateWindow & { readonly used: LeakyBuckets<string> })[];

  constructor(windows: readonly RateWindow[]) {
    this.#windows = windows.map((window) => ({ ...window, used: new LeakyBuckets() }));
  }

  /** Counts one command. @returns null, unless it is one too many */
  take(sender: Sender, nowMs: number): TooMany | null {
    const names = countedAs(sender);
    // A command's share of the window can be a fraction. Half of one makes a full window hold all its commands.
    const waits = this.#windows.map((window) => {
      const usedMs = mostUsedMs(window.used, names, nowMs);
      return { window, retryAfterMs: Math.ceil(usedMs + shareOf(window) / 2 - window.windowMs) };
    });
    const longest = waits.reduce((one, other) =>
      other.retryAfterMs > one.retryAfterMs ? other : one,
    );
    if (longest.retryAfterMs > 0) return longest;
    for (const window of this.#windows)
      for (const name of names) window.used.pour(name, shareOf(window), nowMs);
    return null;
  }

  /** What a sender has left in each window. */
  left(sender: Sender, nowMs: number): readonly WindowLeft[] {
    return this.#windows.map(({ used, ...window }) => {
      const left = window.windowMs - mostUsedMs(used, countedAs(sender), nowMs);
      return { ...window, remaining: Math.max(0, Math.floor(left / shareOf(window) + 0.5)) };
    });
  }
}

/** How much of a window is used, of the account or of the user. */
function mostUsedMs(used: LeakyBuckets<string>, names: readonly string[], nowMs: number): number {
  return Math.max(...names.map((name) => used.levelMs(name, nowMs)));
}

function shareOf({ most, windowMs }: RateWindow): number {
  return windowMs / most;
}
